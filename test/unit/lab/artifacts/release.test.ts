import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Artifact, ReleaseFile } from "../../../../lab/artifacts/catalogue";
import { downloadRelease, publishedChecksum, releaseIsReachable } from "../../../../lab/artifacts/release";
import { run } from "../../../../lab/process";
import { temporaryLab } from "../support";

const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

describe("lab artifacts: published checksums", () => {
    const sum = "a".repeat(64);
    it("are found by file name in a list", () => {
        const list = `${"b".repeat(64)}  other.tar.gz\n${sum}  etcd.tar.gz\n`;
        assert.equal(publishedChecksum(list, "etcd.tar.gz"), sum);
        assert.equal(publishedChecksum(`${sum} *./etcd.tar.gz\n`, "etcd.tar.gz"), sum);
    });
    it("may stand alone", () => assert.equal(publishedChecksum(`${sum}\n`, "kubelet"), sum));
    it("are not taken from another file's line", () =>
        assert.equal(publishedChecksum(`${sum}  other\n`, "kubelet"), undefined));
    it("are not taken from an error page", () => assert.equal(publishedChecksum("<html>\n", "kubelet"), undefined));
});

describe("lab artifacts: releases", () => {
    const lab = temporaryLab();
    const files = new Map<string, Buffer>();
    let server: http.Server;
    let base = "";
    before(async () => {
        server = http.createServer((request, response) => {
            const content = files.get(request.url ?? "");
            response.writeHead(content ? 200 : 404).end(content);
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => server.close());

    const artifact = (file: Partial<ReleaseFile>): Artifact => ({
        name: "tool",
        version: "1",
        programs: ["tool"],
        build: { module: "none", packages: [] },
        release: { files: [{ url: `${base}/tool`, checksumUrl: `${base}/tool.sha256`, ...file }] },
    });

    async function publishArchive(): Promise<void> {
        mkdirSync(lab.path("pack", "bin"), { recursive: true });
        writeFileSync(lab.path("pack", "bin", "tool"), "program", { mode: 0o755 });
        writeFileSync(lab.path("pack", "README"), "");
        await run("tar", ["-czf", lab.path("tool.tgz"), "-C", lab.path("pack"), "bin", "README"]);
        files.set("/tool.tgz", readFileSync(lab.path("tool.tgz")));
        files.set("/SUMS", Buffer.from(`${sha256(files.get("/tool.tgz")!)}  tool.tgz\n`));
    }

    it("are installed as programs", async () => {
        files.set("/tool", Buffer.from("program"));
        files.set("/tool.sha256", Buffer.from(sha256(Buffer.from("program"))));
        mkdirSync(lab.path("out"));
        await downloadRelease(artifact({}), lab.path("out"), () => undefined);
        assert.equal(readFileSync(lab.path("out", "tool"), "utf8"), "program");
        assert.equal(statSync(lab.path("out", "tool")).mode & 0o777, 0o755);
    });

    it("are unpacked from archives, only what is wanted", async () => {
        await publishArchive();
        mkdirSync(lab.path("out"));
        const archive = artifact({ url: `${base}/tool.tgz`, checksumUrl: `${base}/SUMS`, members: ["bin/tool"] });
        await downloadRelease(archive, lab.path("out"), () => undefined);
        assert.deepEqual(readdirSync(lab.path("out")), ["tool"]);
    });

    it("are refused when their checksum is wrong or missing, and leave nothing", async () => {
        mkdirSync(lab.path("out"));
        files.set("/tool", Buffer.from("changed on the way"));
        files.set("/tool.sha256", Buffer.from("a".repeat(64)));
        await assert.rejects(
            downloadRelease(artifact({}), lab.path("out"), () => undefined),
            /expected a{64}/,
        );
        files.set("/tool.sha256", Buffer.from("not a checksum"));
        await assert.rejects(
            downloadRelease(artifact({}), lab.path("out"), () => undefined),
            /no sha256/,
        );
        assert.deepEqual(readdirSync(lab.path("out")), []);
    });

    it("are not looked for where the site does not answer", async () => {
        const closed = artifact({ checksumUrl: "http://127.0.0.1:9/tool.sha256" });
        assert.equal(await releaseIsReachable(closed), false);
        const withoutRelease = { ...artifact({}) };
        delete withoutRelease.release;
        assert.equal(await releaseIsReachable(withoutRelease), false);
    });

    it("are looked for where it does", async () => {
        files.set("/tool.sha256", Buffer.from("a".repeat(64)));
        assert.equal(await releaseIsReachable(artifact({})), true);
    });
});
