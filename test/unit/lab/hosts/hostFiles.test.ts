import assert from "node:assert/strict";
import { renderHostFiles } from "../../../../lab/hosts/hostFiles";
import { anonymousMemory } from "../../../../lab/hosts/status";
import { findHost, labHosts } from "../../../../lab/topology";

describe("lab hosts: files of one host", () => {
    const files = renderHostFiles(findHost("cp2"), "ssh-ed25519 AAAA");

    it("name the host and its address", () => {
        assert.equal(files["etc/hostname"], "cp2\n");
        assert.match(files["etc/systemd/network/10-host0.network"]!, /^Address=10\.89\.0\.22\/24$/m);
    });

    it("let it find every other host by name, spare ones as well", () => {
        for (const { name, address } of labHosts) {
            assert.ok(files["etc/hosts"]!.split("\n").includes(`${address} ${name}`));
        }
    });

    it("give it a machine id of its own that stays the same", () => {
        const id = files["etc/machine-id"]!;
        assert.match(id, /^[0-9a-f]{32}\n$/);
        assert.equal(renderHostFiles(findHost("cp2"), "")["etc/machine-id"], id);
        assert.notEqual(renderHostFiles(findHost("cp3"), "")["etc/machine-id"], id);
    });

    it("open it to the lab's key", () => {
        assert.equal(files["root/.ssh/authorized_keys"], "ssh-ed25519 AAAA\n");
    });
});

describe("lab hosts: memory", () => {
    it("is that of processes, without page cache, in either cgroup version", () => {
        assert.equal(anonymousMemory("cache 99\nrss 1\ntotal_cache 99\ntotal_rss 4096\n"), 4096);
        assert.equal(anonymousMemory("anon 8192\nfile 99\n"), 8192);
        assert.equal(anonymousMemory(""), undefined);
    });
});
