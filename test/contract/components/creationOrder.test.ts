import assert from "node:assert/strict";
import { hostInput } from "../../unit/model/sampleConfig";
import { RECORDED, REMOTE, record, usual } from "./support/recordedCluster";
import type { RecordedProgram } from "./support/recordedProgram";

describe("the order of a cluster's creation", () => {
    let program: RecordedProgram;
    before(async () => {
        ({ program } = await usual());
    });
    const inTurn = (...names: readonly string[]) => {
        for (const [index, name] of names.slice(1).entries()) {
            assert.ok(program.inTurn(names[index] ?? "", name), `${name} did not wait for ${names[index]}`);
        }
    };
    const together = (...names: readonly string[]) => {
        for (const left of names) {
            for (const right of names)
                if (left !== right) assert.ok(!program.inTurn(left, right), `${right} waited for ${left}`);
        }
    };

    it("accepts every host before anything else is done on it, all at the same time", () => {
        const hosts = ["lb1", "lb2", "cp1", "cp2", "cp3", "w1", "w2", "w3"];
        together(...hosts.map((name) => `${name}-accept`));
        const steps = program.ofType(REMOTE).filter(({ name }) => !name.endsWith("-accept"));
        for (const host of hosts) {
            const first = `${host}-accept`;
            const own = steps.filter(({ name }) => name.startsWith(`${host}-`));
            assert.ok(own.length > 0);
            for (const { name } of own) inTurn(first, name);
        }
    });

    it("prepares all hosts at the same time", () => {
        together(...["lb1", "lb2", "cp1", "cp2", "cp3", "w1", "w2", "w3"].map((name) => `${name}-prepare`));
    });

    it("takes each node from prepared to programs to runtime", () => {
        for (const name of ["cp1", "w3"]) inTurn(`${name}-prepare`, `${name}-artifacts`, `${name}-runtime`);
    });

    it("sets up load balancers one after the other", () => {
        inTurn("lb1-prepare", "lb1-load-balancer", "lb2-load-balancer");
    });

    it("makes the identity first and founds all members with it at the same time", () => {
        inTurn("cp1-runtime", "sample-control-plane-pki", "cp2-identity", "cp2-found");
        inTurn("cp2-runtime", "cp2-identity");
        together("cp1-found", "cp2-found", "cp3-found");
    });

    it("changes one member at a time", () => {
        inTurn("cp1-found", "cp1-member", "cp2-member", "cp3-member");
        inTurn("cp3-found", "cp3-member");
    });

    it("writes into the cluster once, when members and balancers are there", () => {
        for (const name of ["cp1-found", "cp2-found", "cp3-found", "lb1-load-balancer", "lb2-load-balancer"]) {
            inTurn(name, "sample-control-plane-initialise");
        }
    });

    it("joins workers when the cluster is formed, all at the same time", () => {
        for (const name of ["w1", "w2", "w3"]) {
            inTurn("sample-control-plane-initialise", "sample-join-token", `${name}-joined`);
            inTurn(`${name}-joined`, "sample-withdraw-tokens");
        }
        together("w1-joined", "w2-joined", "w3-joined");
    });

    it("ends with labels and a verification of the whole", () => {
        inTurn("w3-joined", "sample-nodes", "sample-verify");
        inTurn("cp3-finalize", "sample-nodes");
        inTurn("sample-control-plane-initialise", "sample-network-addons", "sample-verify");
    });
});

describe("the order of a cluster's growth", () => {
    const joining = ["cp4", "cp5"];
    const grow = (recorded: typeof RECORDED) =>
        record(
            (input) => {
                input.hosts.push(...joining.map((name, index) => hostInput("control-plane", name, 24 + index)));
            },
            { joining, recorded },
        );

    it("tells balancers that serve of a control plane when it has joined, and is verified after them", async () => {
        const { program } = await grow(RECORDED);
        for (const name of ["cp4-finalize", "cp5-finalize"]) assert.ok(program.inTurn(name, "lb1-load-balancer"), name);
        assert.ok(program.inTurn("lb1-load-balancer", "lb2-load-balancer"));
        assert.ok(program.inTurn("lb2-load-balancer", "sample-verify"));
    });

    it("is that of a creation as long as the record knows no CA: an up --target has brought balancers only", async () => {
        const { program } = await record(undefined, { recorded: { ...RECORDED, caHash: "" } });
        assert.ok(program.inTurn("lb2-load-balancer", "sample-control-plane-initialise"));
        assert.ok(!program.inTurn("cp1-finalize", "lb1-load-balancer"));
    });

    it("tells balancers first when the only control plane will be restarted for the others", async () => {
        const etcd = { ...RECORDED.etcd, members: RECORDED.etcd.members.slice(0, 1) };
        const { program } = await grow({ ...RECORDED, etcd });
        assert.ok(!program.inTurn("cp4-finalize", "lb1-load-balancer"));
        assert.ok(program.inTurn("lb2-load-balancer", "sample-control-plane-initialise"));
    });

    it("sets balancers up before anybody joins through them when all of them are new", async () => {
        const hosts = RECORDED.hosts.filter(({ role }) => role !== "load-balancer");
        const { program } = await grow({ ...RECORDED, hosts });
        assert.ok(program.inTurn("lb2-load-balancer", "sample-control-plane-initialise"));
        assert.ok(!program.inTurn("cp4-finalize", "lb1-load-balancer"));
    });
});
