import assert from "node:assert/strict";
import { dnsQuestion, renderVerify } from "../../../../components/cluster/verifyScript";
import { configWith } from "../../model/sampleConfig";
import { bashHost } from "../bashHost";

describe("the question for cluster DNS", () => {
    const host = bashHost();

    it("is a query of RFC 1035, byte by byte, as the shell writes it", () => {
        const { stdout } = host().run(`printf %b '${dnsQuestion("a.bc")}' | od -An -v -tx1 | tr -d ' \\n'`);
        assert.equal(
            stdout,
            [
                ...["5152", "0100", "0001", "0000", "0000", "0000"], // id, recursion desired, one question
                ...["01", "61", "02", "6263", "00"], // a.bc
                ...["0001", "0001"], // A, IN
            ].join(""),
        );
    });

    it("survives a label whose length is the byte of a new line", () => {
        const { stdout } = host().run(`printf %b '${dnsQuestion("kubernetes.x")}' | wc -c`);
        assert.equal(Number(stdout), 12 + 1 + 10 + 1 + 1 + 1 + 4);
    });
});

describe("the verification", () => {
    it("asks every member, every balancer for every API server, and every node", () => {
        const settings = renderVerify(configWith()).settings ?? {};
        assert.equal(
            settings["etcd_endpoints"],
            "https://10.89.0.21:2379,https://10.89.0.22:2379,https://10.89.0.23:2379",
        );
        assert.deepEqual(settings["etcd_members"], ["cp1", "cp2", "cp3"]);
        assert.deepEqual(settings["balancers"], ["10.89.0.11", "10.89.0.12"]);
        assert.deepEqual(settings["servers"], ["cp1", "cp2", "cp3"]);
        assert.deepEqual(settings["names"], ["cp1", "cp2", "cp3", "w1", "w2", "w3"]);
        assert.equal(settings["dns_address"], "10.96.0.10");
    });

    it("does not wait for pods when the user brings the network", () => {
        const { settings } = renderVerify(configWith((input) => (input.network.mode = "none")));
        assert.equal(settings?.["pod_network"], false);
    });
});
