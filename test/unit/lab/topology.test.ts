import assert from "node:assert/strict";
import net from "node:net";
import { LabError } from "../../../lab/errors";
import { defaultHostNames, findHost, labHosts, labNetwork } from "../../../lab/topology";

describe("lab topology", () => {
    it("starts two load balancers, three control planes and three workers", () => {
        assert.deepEqual(defaultHostNames, ["lb1", "lb2", "cp1", "cp2", "cp3", "w1", "w2", "w3"]);
    });

    it("gives every host a name and an address of its own", () => {
        for (const key of ["name", "address"] as const) {
            assert.equal(new Set(labHosts.map((host) => host[key])).size, labHosts.length);
        }
    });

    it("keeps all addresses inside its network, away from the gateway and the virtual address", () => {
        const [base, prefix] = labNetwork.cidr.split("/");
        const network = new net.BlockList();
        network.addSubnet(base!, Number(prefix));
        for (const { address } of labHosts) {
            assert.ok(network.check(address), address);
            assert.notEqual(address, labNetwork.gateway);
            assert.notEqual(address, labNetwork.virtualAddress);
        }
    });

    it("leaves room for the bridge port's name, which the kernel limits to 15 characters", () => {
        for (const { name } of labHosts) assert.ok(`vb-${name}`.length <= 15);
    });

    it("names all hosts when asked for one that does not exist, as a usage error", () => {
        assert.throws(
            () => findHost("w9"),
            (error: LabError) => error.exitStatus === 2 && /w9.*lb1.*cp5.*w5/.test(error.message),
        );
    });
});
