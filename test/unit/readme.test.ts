import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { parseClusterConfig } from "../../model/clusterConfig";
import { ConfigError } from "../../model/configError";
import { fenced, leaves, read, root, rowsBetween, saysDefault } from "./readmeText";

const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];

function minimal(overrides: object = {}): Record<string, unknown> {
    return {
        name: "readme",
        versions: { kubernetes: "v1.36.3" },
        hosts: [
            {
                name: "cp1",
                address: "192.0.2.2",
                role: "control-plane",
                hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExample",
            },
        ],
        endpoint: { kind: "external", address: "192.0.2.1" },
        network: { hosts: "192.0.2.0/24" },
        artifacts: { source: "release" },
        ...overrides,
    };
}

/** The rows of the reference of the cluster's keys. */
const documented = () =>
    rowsBetween("### The cluster", "## What a wrong configuration gets").map(
        ({ key, byDefault, cells: [, , later = ""] }) => ({ key, byDefault, later }),
    );

describe("README", () => {
    const examples = ["examples/Pulumi.small.yaml", "examples/Pulumi.site.yaml"].map(
        (file) => (parse(read(file)) as { config: Record<string, unknown> }).config["quorate:cluster"],
    );
    const proxy = { http: "http://proxy.example:3128", https: "http://proxy.example:3128" };
    const bundle = { source: "bundle", directory: "/opt/bundle", sha256sums: "0".repeat(64) };
    const known = new Set(
        [...examples, minimal(), minimal({ artifacts: bundle, proxy })]
            .flatMap((config) => leaves(parseClusterConfig(config)).map(([key]) => key))
            .concat("ssh.proxy", "artifacts.digests"),
    );

    it("documents every key of the configuration", () => {
        const keys = documented().map(({ key }) => key);
        assert.deepEqual(
            [...known].filter((key) => !keys.includes(key)),
            [],
        );
    });

    it("documents no key twice and none that is not there", () => {
        const keys = documented().map(({ key }) => key);
        assert.deepEqual(
            keys.filter((key, index) => !known.has(key) || keys.indexOf(key) !== index),
            [],
        );
    });

    it("states the defaults that the parser fills in", () => {
        const given = minimal();
        const filled = new Map(leaves(parseClusterConfig(given)));
        const said = leaves(given).map(([key]) => key);
        const inWords = ["endpoint.kind", "endpoint.ingress"];
        const wrong = documented().filter(({ key, byDefault }) => {
            if (!filled.has(key) || said.includes(key) || key.includes("[]") || inWords.includes(key)) return false;
            return !saysDefault(byDefault, filled.get(key));
        });
        assert.deepEqual(wrong, []);
    });

    it("says of every key whether it can be changed later", () => {
        const wrong = documented().filter(({ later }) => !["yes", "once", "refused"].includes(later));
        assert.deepEqual(wrong, []);
    });

    it("shows what a wrong configuration really gets", () => {
        assert.throws(
            () => parseClusterConfig(parse(fenced("wrong"))),
            (error) => error instanceof ConfigError && error.message === fenced("answer").trimEnd(),
        );
    });
});

describe("documents", () => {
    for (const document of documents) {
        it(`${document} links only to files that exist`, () => {
            const targets = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
                ([, target]) => target,
            );
            assert.deepEqual(
                targets.filter((target) => !existsSync(path.join(root, target ?? ""))),
                [],
            );
        });

        it(`${document} names only npm scripts that package.json has`, () => {
            const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
            const named = [...read(document).matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(([, script]) => script);
            assert.deepEqual(
                named.filter((script) => scripts[script ?? ""] === undefined),
                [],
            );
        });
    }
});
