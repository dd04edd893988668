import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { renderInstall } from "../../../../components/artifacts/installScript";
import { proxyDropInPath, proxyEnvironment } from "../../../../components/command/proxy";
import { renderRuntime } from "../../../../components/containerRuntime/containerRuntime";
import { renderFound, renderMember } from "../../../../components/controlPlane/controlPlaneScripts";
import { renderPrepare } from "../../../../components/host/prepareScript";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { problemsOf } from "../../model/refusals";
import { configWith, inputWith } from "../../model/sampleConfig";
import { bashHost } from "../bashHost";

const URL = "http://proxy.example:3128";
const proxied = (input: ClusterConfigInput) => (input.proxy = { https: URL, none: [".plant.example"] });
const ENVIRONMENT = [
    `https_proxy=${URL}`,
    "no_proxy=localhost,127.0.0.1,10.89.0.0/24,10.244.0.0/16,10.96.0.0/12,.svc,.cluster.local,10.89.0.10,.plant.example",
];
const SHOW = '{ env | sort | sed -n "/_proxy=/Ip"; echo "-"; } >>/var/seen';

describe("the site's proxy (H9)", () => {
    it("comes with everything that is dialled directly", () => {
        assert.deepEqual(proxyEnvironment(configWith(proxied)), ENVIRONMENT);
        const both = configWith((input) => (input.proxy = { http: "http://p", https: URL }));
        assert.deepEqual(
            proxyEnvironment(both).map((variable) => variable.split("=")[0]),
            ["http_proxy", "https_proxy", "no_proxy"],
        );
        assert.deepEqual(proxyEnvironment(configWith()), []);
    });

    it("does not change with a host that comes: API servers would restart", () => {
        const [before, after] = [configWith(proxied), configWith((input) => (proxied(input), input.hosts.pop()))];
        assert.deepEqual(proxyEnvironment(after), proxyEnvironment(before));
    });

    it("restarts API servers when it changes, and not when there is none", () => {
        const [cp1] = configWith().hosts.filter(({ role }) => role === "control-plane");
        assert.ok(cp1);
        const configured = (change?: (input: ClusterConfigInput) => void) =>
            [renderFound, renderMember].map((render) => render(configWith(change), cp1).settings?.["configuration"]);
        assert.notDeepEqual(configured(proxied), configured());
        assert.deepEqual(
            configured((input) => (input.proxy = {})),
            configured(),
        );
    });
});

describe("with_proxy", () => {
    const host = bashHost();
    const seen = () => host().read("/var/seen").trim().split("\n");
    beforeEach(() => host().write("/var/empty", ""));

    it("gives the proxy to one command, a function as well, and to nothing else", () => {
        const body = `show() { ${SHOW}; }\nwith_proxy show\nshow\nwith_proxy bash -c '${SHOW}'`;
        host().changes({ body, settings: { proxy: ENVIRONMENT } });
        assert.deepEqual(seen(), [...ENVIRONMENT, "-", "-", ...ENVIRONMENT, "-"]);
    });

    it("runs a command as it is without a proxy, and keeps its exit status", () => {
        host().changes({ body: `with_proxy bash -c '${SHOW}'`, settings: { proxy: [] } });
        host().changes({ body: `with_proxy bash -c '${SHOW}'` });
        assert.deepEqual(seen(), ["-", "-"]);
        assert.equal(host().step({ body: "with_proxy bash -c 'exit 7'" }).code, 7);
    });

    it("is how programs are downloaded", () => {
        host().fake("curl", `${SHOW.replace("/var/seen", host().at("/var/seen"))}; exit 22`);
        host().step({ ...renderInstall(configWith(proxied)) });
        assert.deepEqual(seen(), [...ENVIRONMENT, "-"]);
    });

    it("is how packages are installed, and how kubeadm writes static pods, and nothing else in any step", () => {
        const folder = path.resolve(__dirname, "../../../../components");
        const used = readdirSync(folder, { recursive: true, encoding: "utf8" })
            .filter((name) => name.endsWith(".sh") && !name.endsWith("steps.sh"))
            .flatMap((name) =>
                [
                    ...readFileSync(path.join(folder, name), "utf8").matchAll(
                        /\bwith_proxy (?:limited \d+ )?([a-z-]+( init phase \S+| \w+)?)/g,
                    ),
                ].map(([, command]) => `${path.basename(name)}: ${command}`),
            );
        assert.deepEqual(used.sort(), [
            "found.sh: kubeadm init",
            "install.sh: curl",
            "joining.sh: kubeadm join",
            "member.sh: kubeadm init phase control-plane",
            "prepare.sh: install",
        ]);
    });

    it("has its proxy in every step that uses it", () => {
        const config = configWith(proxied);
        const [cp1] = config.hosts.filter(({ role }) => role === "control-plane");
        assert.ok(cp1);
        for (const script of [
            renderPrepare(cp1, config),
            renderInstall(config),
            renderFound(config, cp1),
            renderMember(config, cp1),
        ]) {
            assert.deepEqual(script.settings?.["proxy"], ENVIRONMENT, script.step);
        }
    });
});

describe("containerd's proxy", () => {
    const host = bashHost();
    const unit = proxyDropInPath("containerd.service");
    const runtime = (change?: (input: ClusterConfigInput) => void) =>
        host().changes({ ...renderRuntime("worker", configWith(change)) });
    const restarted = () =>
        host()
            .calls()
            .filter((call) => call === "systemctl restart containerd.service").length;

    beforeEach(() => {
        host().fake("systemctl");
        // It knows the images that were given a name.
        host().write("/images", "NAME TYPE DIGEST\n");
        const images = `"${host().at("/images")}"`;
        host().fake(
            "ctr",
            `case "$*" in *" ls "*) cat ${images} ;; *" tag "*) echo "\${@: -1} index \${6#*@}" >>${images} ;; esac`,
        );
        runtime();
    });

    it("is a part of its unit, and goes again; each time containerd restarts", () => {
        const before = restarted();
        assert.ok(!host().exists(unit));
        assert.ok(runtime(proxied).includes(unit));
        assert.equal(
            host().read(unit),
            `[Service]\n${ENVIRONMENT.map((entry) => `Environment="${entry}"\n`).join("")}`,
        );
        assert.equal(restarted(), before + 1);
        runtime(proxied);
        assert.equal(restarted(), before + 1);
        assert.ok(runtime().includes(unit));
        assert.ok(!host().exists(unit));
        assert.equal(restarted(), before + 2);
    });
});

describe("a proxy in the configuration", () => {
    for (const [what, proxy, message] of [
        [
            "a password",
            { https: "http://me:hunter2@proxy:3128" },
            /^proxy\.https holds a user or a password.*by their address$/,
        ],
        ["no scheme", { http: "proxy:3128" }, /^proxy\.http is not a proxy's address; write for example http:/],
        ["a path", { http: "http://proxy/x" }, /^proxy\.http is not a proxy's address/],
        ["words for a shell", { http: "http://proxy;id" }, /^proxy\.http is not a proxy's address/],
        ["a line of its own", { http: URL, none: ["a\nb"] }, /^proxy\.none\[0\] "a\\nb" is no name/],
        ["every host", { http: URL, none: ["*"] }, /^proxy\.none\[0\] "\*" is no name/],
        ["exceptions without a proxy", { none: [".plant.example"] }, /^proxy\.none there is no proxy/],
    ] as const) {
        it(`is refused with ${what}`, () => {
            const change = (input: ClusterConfigInput) =>
                (input.proxy = structuredClone(proxy) as ClusterConfigInput["proxy"]);
            const found = problemsOf(inputWith(change)).map((problem) => `${problem.path} ${problem.message}`);
            assert.equal(found.length, 1, found.join("\n"));
            assert.match(found[0] ?? "", message);
            assert.doesNotMatch(found[0] ?? "", /hunter2/);
        });
    }

    it("may name domains, addresses and networks that are dialled directly", () => {
        const none = [".plant.example", "mirror.example", "192.0.2.7", "198.51.100.0/24", "mirror.example:5000"];
        assert.deepEqual(configWith((input) => (input.proxy = { http: URL, none })).proxy.none, none);
    });
});
