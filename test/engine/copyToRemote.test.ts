import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { specialArchiveSig, specialAssetSig, specialSigKey } from "../../lab/engine/protocol/signatures";
import { commandSuite, urnOf } from "./support/commandSuite";
import { SshHost } from "./support/sshHost";

const type = "remote:CopyToRemote";

function asset(members: { path?: string; text?: string }) {
    const content = members.text ?? readFileSync(members.path ?? "");
    return { [specialSigKey]: specialAssetSig, hash: createHash("sha256").update(content).digest("hex"), ...members };
}

function archive(path: string) {
    return { [specialSigKey]: specialArchiveSig, path, hash: createHash("sha256").update(path).digest("hex") };
}

describe("command plugin: remote.CopyToRemote", () => {
    const suite = commandSuite();
    let host: SshHost;
    const at = (...parts: string[]): string => join(suite.directory, ...parts);

    before(async () => {
        host = await suite.host();
        mkdirSync(at("source", "deep"), { recursive: true });
        writeFileSync(at("source", "a"), "A");
        writeFileSync(at("source", "deep", "b"), "x".repeat(200_000));
    });

    const copy = (name: string, source: object, remotePath: string) =>
        suite.create(urnOf(type, name), { connection: suite.connection(host), source, remotePath });

    it("copies a file and makes the folders above it", async () => {
        const { id } = await copy("file", asset({ path: at("source", "a") }), at("new", "folders", "copy"));
        assert.match(id, /^[0-9a-f]{8}$/);
        assert.equal(readFileSync(at("new", "folders", "copy"), "utf8"), "A");
    });

    it("copies a file into an existing folder", async () => {
        mkdirSync(at("existing"));
        await copy("into", asset({ path: at("source", "a") }), at("existing"));
        assert.equal(readFileSync(at("existing", "a"), "utf8"), "A");
    });

    it("copies a text", async () => {
        await copy("text", asset({ text: "words" }), at("text", "file"));
        assert.equal(readFileSync(at("text", "file"), "utf8"), "words");
    });

    it("copies a folder, as itself or as what is in it", async () => {
        await copy("folder", archive(at("source")), at("whole"));
        assert.equal(readFileSync(at("whole", "source", "deep", "b"), "utf8").length, 200_000);
        await copy("content", archive(`${at("source")}/`), at("content"));
        assert.equal(readFileSync(at("content", "a"), "utf8"), "A");
        assert.equal(readFileSync(at("content", "deep", "b"), "utf8").length, 200_000);
    });

    it("copies again only for another content or destination", async () => {
        const urn = urnOf(type, "again");
        const { state, inputs } = await copy("again", asset({ text: "1" }), at("again"));
        const dials = host.dials;
        const base = { connection: suite.connection(host), source: asset({ text: "1" }), remotePath: at("again") };
        await suite.plugin.update(urn, state, inputs, await suite.checked(urn, { ...base, triggers: [1] }));
        assert.equal(host.dials, dials);
        await suite.plugin.update(
            urn,
            state,
            inputs,
            await suite.checked(urn, { ...base, source: asset({ text: "2" }) }),
        );
        assert.equal(readFileSync(at("again"), "utf8"), "2");
    });

    it("copies nothing in a preview and removes nothing when deleted", async () => {
        const urn = urnOf(type, "preview");
        const inputs = await suite.checked(urn, {
            connection: suite.connection(host),
            source: asset({ text: "t" }),
            remotePath: at("preview"),
        });
        await suite.plugin.create(urn, inputs, { preview: true });
        assert.ok(!existsSync(at("preview")));
        const { state } = await suite.plugin.create(urn, inputs);
        await suite.plugin.delete(urn, state, inputs);
        assert.ok(existsSync(at("preview")));
    });

    it("refuses what is neither a file nor a text", async () => {
        const source = { [specialSigKey]: specialAssetSig, uri: "https://example.invalid/x" };
        const { failures } = await suite.plugin.check(urnOf(type, "uri"), {
            connection: suite.connection(host),
            source,
            remotePath: "/x",
        });
        assert.match(JSON.stringify(failures), /asset/);
    });
});
