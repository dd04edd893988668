import assert from "node:assert/strict";
import { clusterInventory } from "../../../../components/cluster/inventory";
import { isRecordedMachine, machines } from "../../../../components/host/machines";
import { configWith, hostInput } from "../../model/sampleConfig";

describe("the machine behind a host", () => {
    const recorded = clusterInventory(configWith(), "sha256:00");
    const [host] = configWith().hosts;
    assert.ok(host);
    const commented = { ...host, hostKey: `${host.hostKey} root@somewhere` };
    const installedAnew = { ...host, hostKey: host.hostKey.replace(/\w{4}$/, "AnEw") };

    it("is the recorded one, whatever comment stands behind its key", () => {
        assert.ok(isRecordedMachine(recorded, host));
        assert.ok(isRecordedMachine(recorded, commented));
        assert.equal(machines([commented]), machines([host]));
    });

    it("is another one with another key, and none with an address or name that is not recorded", () => {
        assert.ok(!isRecordedMachine(recorded, installedAnew));
        assert.notEqual(machines([installedAnew]), machines([host]));
        const [elsewhere] = configWith((input) => (input.hosts[0]!.address = "10.89.0.99")).hosts;
        const added = configWith((input) => input.hosts.push(hostInput("worker", "w9", 39))).hosts.at(-1);
        assert.ok(elsewhere && added);
        assert.ok(!isRecordedMachine(recorded, elsewhere));
        assert.ok(!isRecordedMachine(recorded, added));
        assert.ok(!isRecordedMachine(undefined, host));
    });
});
