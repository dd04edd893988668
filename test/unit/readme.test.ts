import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { parseClusterConfig } from "../../model/clusterConfig";
import { ConfigError } from "../../model/configError";
import { Duration } from "../../model/duration";
import { Version } from "../../model/version";

const root = path.resolve(__dirname, "../..");
const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const readme = read("README.md");

/** What no minimal configuration shows: keys without a default, by their paths. */
const FREE_FORM = ["pools[].labels"];

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

/** Values by key path; items of lists share one path: `hosts[].name`. */
function leaves(value: unknown, at = ""): [string, unknown][] {
    if (Array.isArray(value) && value.some((item) => typeof item === "object")) {
        return [[at, value], ...value.flatMap((item) => leaves(item, `${at}[]`))];
    }
    const plain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
    if (!plain || FREE_FORM.includes(at)) return [[at, value]];
    return Object.entries(value).flatMap(([key, item]) => leaves(item, at === "" ? key : `${at}.${key}`));
}

interface Row {
    readonly key: string;
    readonly byDefault: string;
    readonly later: string;
}

/** The rows of the configuration reference. */
function documented(): Row[] {
    const section = readme.slice(
        readme.indexOf("### The cluster"),
        readme.indexOf("## What a wrong configuration gets"),
    );
    return [...section.matchAll(/^\| `([^`]+)` *\| ([^|]+?) *\| ([^|]+?) *\|/gm)].map(
        ([, key = "", byDefault = "", later = ""]) => ({ key, byDefault, later }),
    );
}

/** Whether a cell of the reference says the same as the value that the parser fills in. */
function saysDefault(cell: string, value: unknown): boolean {
    const text = cell.replaceAll("`", "");
    if (value instanceof Duration) return Duration.parse(text).milliseconds === value.milliseconds;
    if (value instanceof Version) return Version.parse(text).equals(value);
    return text === (Array.isArray(value) ? JSON.stringify(value) : String(value));
}

function fenced(marker: string): string {
    const [, block] = new RegExp(`<!-- test: ${marker} -->\\s+\`\`\`\\w*\\n([^]*?)\`\`\``).exec(readme) ?? [];
    assert.ok(block, `README.md has no block "${marker}"`);
    return block;
}

describe("README", () => {
    const examples = ["examples/Pulumi.small.yaml", "examples/Pulumi.site.yaml"].map(
        (file) => (parse(read(file)) as { config: Record<string, unknown> }).config["quorate:cluster"],
    );
    const bundle = { source: "bundle", directory: "/opt/bundle", sha256sums: "0".repeat(64) };
    const known = new Set(
        [...examples, minimal(), minimal({ artifacts: bundle })]
            .flatMap((config) => leaves(parseClusterConfig(config)).map(([key]) => key))
            .concat("ssh.proxy"),
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
