import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { renderInstall } from "../../../../components/artifacts/installScript";
import { programs } from "../../../../components/artifacts/catalogue";
import { loadScript } from "../../../../components/command/hostScript";
import { configWith } from "../../model/sampleConfig";
import { type BashHost, bashHost } from "../bashHost";
import { KILL_TIMEOUT_MS, assertSameEndWhenKilled } from "../killedAtEachLine";

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const install = (body: string) =>
    `${loadScript(`${__dirname}/../../../../components/artifacts`, "install.sh")}\n${body}`;

/** Puts a whole bundle onto a host; answers the checksum of its SHA256SUMS. */
function bundle(host: BashHost, change: Readonly<Record<string, string>> = {}): string {
    const files = [...programs().map(({ inBundle }) => inBundle), "bin/runc"];
    for (const file of files) host.write(`/opt/bundle/${file}`, change[file] ?? `program ${file}\n`);
    const sums = files.map((file) => `${sha256(`program ${file}\n`)}  ${file}\n`).join("");
    host.write("/opt/bundle/SHA256SUMS", sums);
    return sha256(sums);
}

function fromBundle(sha256sums: string) {
    return renderInstall(
        configWith((input) => (input.artifacts = { source: "bundle", directory: "/opt/bundle", sha256sums })),
    );
}

describe("programs from a bundle", () => {
    const host = bashHost();

    it("are put into place, executable, and nothing happens the second time", () => {
        const step = fromBundle(bundle(host()));
        const placed = host().changes({ ...step });
        assert.deepEqual(placed, [...programs().map(({ destination }) => destination), "/usr/local/bin/runc"]);
        assert.equal(host().mode("/usr/local/bin/kubelet"), "0755");
        assert.equal(host().read("/opt/cni/bin/bridge"), "program cni/bridge\n");
        assert.deepEqual(host().changes({ ...step }), []);
    });

    it("are refused when one is not what SHA256SUMS says, before it is in place", () => {
        const sums = bundle(host(), { "bin/kubelet": "something else\n" });
        const { code } = host().step({ ...fromBundle(sums) });
        assert.equal(code, 1);
        assert.match(
            host().read("/var/log/quorate/artifacts.log"),
            /bin\/kubelet has sha256 \w+, SHA256SUMS says \w+; copy/,
        );
        assert.equal(host().exists("/usr/local/bin/kubelet"), false);
    });

    it("are refused when SHA256SUMS is not the configured one", () => {
        bundle(host());
        assert.equal(host().step({ ...fromBundle("a".repeat(64)) }).code, 1);
        assert.match(host().read("/var/log/quorate/artifacts.log"), /configured is a{64}; put the right bundle there/);
        assert.equal(host().exists("/usr/local/bin/kubeadm"), false);
    });

    it("are refused when there is no bundle", () => {
        assert.equal(host().step({ ...fromBundle("a".repeat(64)) }).code, 1);
        assert.match(
            host().read("/var/log/quorate/artifacts.log"),
            /no \/opt\/bundle\/SHA256SUMS on this host; put the/,
        );
    });

    it("are exchanged on a host that is no node yet, and what stood there is kept", () => {
        const step = fromBundle(bundle(host()));
        host().write("/usr/local/bin/kubelet", "older\n", 0o755);
        assert.ok(
            host()
                .changes({ ...step })
                .includes("/usr/local/bin/kubelet"),
        );
        assert.equal(host().original("/usr/local/bin/kubelet"), "older\n");
    });

    it("are never exchanged under a node: that is what upgrade does", () => {
        const step = fromBundle(bundle(host()));
        host().write("/usr/local/bin/kubelet", "older\n", 0o755);
        host().write("/etc/kubernetes/kubelet.conf", "");
        assert.equal(host().step({ ...step }).code, 1);
        assert.match(
            host().read("/var/log/quorate/artifacts.log"),
            /kubelet of this node is another version than configured/,
        );
        assert.equal(host().read("/usr/local/bin/kubelet"), "older\n");
    });

    it("end alike when the step is killed at any line", () => {
        const step = fromBundle(bundle(host()));
        host().write("/usr/local/bin/kubelet", "older\n", 0o755);
        // Each program takes the same lines; two of them are enough.
        const body = step.body.replace(/^from_bundle (?!bin\/kube(let|adm)).*\n/gm, "");
        assertSameEndWhenKilled(host(), { ...step, body });
        assert.equal(host().read("/usr/local/bin/kubelet"), "program bin/kubelet\n");
    }).timeout(KILL_TIMEOUT_MS);
});

describe("programs from a release site", () => {
    const host = bashHost();
    const content = "a program\n";
    const download = (sum: string) => `download tool 'https://example.com/$arch/tool' ${sum} ${sum}`;
    /** A curl that answers with a file, and writes down what it was asked for. */
    const curl = (file: string) =>
        host().fake(
            "curl",
            `while [ $# -gt 1 ]; do [ "$1" = --output ] && target=$2; shift; done; cp "${file}" "$target"`,
        );

    it("are downloaded once, checked and put into place", () => {
        host().write("/opt/site/tool", content);
        curl(host().at("/opt/site/tool"));
        const body = install(`${download(sha256(content))}\nplace /usr/local/bin/tool`);
        assert.deepEqual(host().changes({ body }), ["/usr/local/bin/tool"]);
        assert.equal(host().mode("/usr/local/bin/tool"), "0755");
        assert.deepEqual(host().changes({ body }), []);
        assert.equal(host().calls().length, 1);
        assert.match(host().calls()[0] ?? "", /https:\/\/example\.com\/(amd64|arm64)\/tool$/);
    });

    it("are refused when the checksum is another, and nothing stays behind", () => {
        host().write("/opt/site/tool", "malware\n");
        curl(host().at("/opt/site/tool"));
        const { code } = host().step({ body: install(`${download(sha256(content))}\nplace /usr/local/bin/tool`) });
        assert.equal(code, 1);
        assert.match(
            host().read("/var/log/quorate/test.log"),
            /tool from https:\/\/\S+ has sha256 \w+, expected \w+; nothing/,
        );
        assert.equal(host().exists("/usr/local/bin/tool"), false);
        assert.equal(host().run("ls -A /var/cache/quorate/downloads").stdout, "");
    });

    it("say where to look when they cannot be downloaded", () => {
        host().fake("curl", "exit 22");
        assert.equal(host().step({ body: install(download(sha256(content))) }).code, 1);
        assert.match(
            host().read("/var/log/quorate/test.log"),
            /could not download tool from \S+; check the network, or use/,
        );
    });

    it("are taken out of their archive", () => {
        host().write("/opt/site/bin/tool", content);
        mkdirSync(host().at("/opt/site"), { recursive: true });
        const archive = host().at("/opt/site/tool.tgz");
        execFileSync("tar", ["-czf", archive, "-C", host().at("/opt/site"), "bin/tool"]);
        curl(archive);
        const body = install(`${download(sha256(readFileSync(archive)))}\nplace /usr/local/bin/tool bin/tool`);
        assert.deepEqual(host().changes({ body }), ["/usr/local/bin/tool"]);
        assert.equal(host().read("/usr/local/bin/tool"), content);
        assert.deepEqual(host().changes({ body }), []);
    });
});

describe("a program out of an archive", () => {
    const host = bashHost();
    const content = "a program\n".repeat(1000);
    let body = "";

    beforeEach(() => {
        for (const name of ["tool", "other"]) host().write(`/opt/site/bin/${name}`, content);
        const archive = host().at("/opt/site/tool.tgz");
        execFileSync("tar", ["-czf", archive, "-C", host().at("/opt/site"), "bin"]);
        host().fake(
            "curl",
            `while [ $# -gt 1 ]; do [ "$1" = --output ] && target=$2; shift; done; cp "${archive}" "$target"`,
        );
        const sum = sha256(readFileSync(archive));
        body = install(
            [
                `download tool 'https://example.com/$arch/tool' ${sum} ${sum}`,
                "place /usr/local/bin/tool bin/tool",
                "place /usr/local/bin/other bin/other",
            ].join("\n"),
        );
    });

    /** Writes half of the program, then fails as for lack of space. */
    const fullDisk = () =>
        host().fake("tar", `mkdir -p "$4/bin"; head -c 5000 "${host().at("/opt/site/bin/tool")}" >"$4/$5"; exit 2`);

    it("is not installed in part when the disk is full, nor later", () => {
        fullDisk();
        const { code, stderr } = host().step({ body });
        assert.equal(code, 1);
        assert.match(stderr, /could not unpack bin\/tool from \S+; see whether the disk is full: df \/var\/cache/);
        rmSync(host().at("/fakes/tar"));
        host().changes({ body });
        assert.equal(host().read("/usr/local/bin/tool"), content);
    });

    it("is not installed in part when writing it fails", () => {
        host().fake("install", 'head -c 5000 "$3" >"$4"; exit 1');
        const { code, stderr } = host().step({ body });
        assert.equal(code, 1);
        assert.match(stderr, /could not write \S+; see whether the disk is full: df \/usr\/local\/bin/);
        assert.equal(host().exists("/usr/local/bin/tool"), false);
        rmSync(host().at("/fakes/install"));
        host().changes({ body });
        assert.equal(host().read("/usr/local/bin/tool"), content);
    });

    it("is healed where an earlier version has left it truncated, in the cache and in place", () => {
        host().changes({ body });
        const [archive] = host().run("ls /var/cache/quorate/downloads").stdout.split("\n");
        host().write(`/var/cache/quorate/downloads/${archive}`, "half an archive");
        host().write(`/var/cache/quorate/downloads/${archive}.members/bin/tool`, "half");
        host().write("/usr/local/bin/tool", "half", 0o755);
        assert.deepEqual(host().changes({ body }), ["/usr/local/bin/tool"]);
        assert.equal(host().read("/usr/local/bin/tool"), content);
        assert.equal(host().run("ls /var/cache/quorate/downloads").stdout, `${archive}\n${archive}.unpacked\n`);
    });

    it("is named when it is damaged on a node, and not exchanged", () => {
        host().write("/usr/local/bin/tool", "half", 0o755);
        host().write("/etc/kubernetes/kubelet.conf", "");
        const { code, stderr } = host().step({ body });
        assert.equal(code, 1);
        assert.match(
            stderr,
            /\/usr\/local\/bin\/tool of this node is another version than configured, or damaged \(sha256/,
        );
        assert.equal(host().read("/usr/local/bin/tool"), "half");
    });

    it("is downloaded within limits", () => {
        host().changes({ body });
        assert.match(host().calls()[0] ?? "", /--connect-timeout \d+ --speed-limit \d+ --speed-time \d+ /);
    });

    it("ends alike when the step is killed at any line", () => assertSameEndWhenKilled(host(), { body })).timeout(
        KILL_TIMEOUT_MS,
    );
});

describe("the install step", () => {
    it("fetches from the mirror that is configured", () => {
        const mirror = configWith(
            (input) => (input.artifacts = { source: "mirror", url: "https://m.example", imageRegistry: "r" }),
        );
        const addresses = [...renderInstall(mirror).body.matchAll(/^download \S+ '?(\S+?)'? /gm)].map(([, url]) => url);
        assert.equal(addresses.length, 7);
        for (const url of addresses) assert.match(url ?? "", /^https:\/\/m\.example\/(dl\.k8s\.io|github\.com)\//);
    });

    it("places every program of the catalogue where units and scripts expect it", () => {
        const places = [...renderInstall(configWith()).body.matchAll(/^place (\S+)/gm)].map(([, target]) => target);
        const expected = [...programs().map(({ destination }) => destination), "/usr/local/bin/runc"];
        assert.deepEqual([...places].sort(), expected.sort());
    });
});
