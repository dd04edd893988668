import assert from "node:assert/strict";
import { leave } from "../../../../maintenance/actions/leave";
import { RefusedError } from "../../../../maintenance/workflow/refusedError";
import { Duration } from "../../../../model/duration";
import { LeaveCluster } from "../../../fakes/leaveCluster";
import { leaving } from "../../../fakes/leaving";
import { sampleMember } from "../../../fakes/sampleFacts";

describe("a control plane that leaves", () => {
    const steps = (through: string) => [
        "cordon cp3",
        "drain cp3",
        "stop controllers of cp3",
        "stop API server of cp3",
        `remove member c3 through ${through}`,
        "stop kubelet of cp3",
        "delete node cp3",
        "reset cp3",
    ];

    it("goes behind the gates, its member removed through another one", async () => {
        const cluster = new LeaveCluster();
        await leaving(cluster, "cp3");
        assert.deepEqual(cluster.changes, steps("cp1"));
        assert.deepEqual(
            cluster.members.map(({ name }) => name),
            ["cp1", "cp2"],
        );
    });

    it("hands over the leadership first", async () => {
        const cluster = new LeaveCluster();
        await leaving(cluster, "cp1");
        assert.deepEqual(cluster.changes.slice(0, 3), ["leader to b2", "cordon cp1", "drain cp1"]);
        assert.equal(cluster.changes[5], "remove member a1 through cp2");
    });

    it("goes without drain and reset when its host is dead", async () => {
        const cluster = new LeaveCluster();
        cluster.unreachable.add("cp3");
        await leaving(cluster, "cp3");
        assert.deepEqual(cluster.changes, ["remove member c3 through cp1", "delete node cp3"]);
    });

    it("that is dead finishes when a join has taken its member out already", async () => {
        const cluster = new LeaveCluster();
        cluster.unreachable.add("cp3");
        cluster.members = cluster.members.filter(({ name }) => name !== "cp3");
        await leaving(cluster, "cp3");
        assert.deepEqual(cluster.changes, ["delete node cp3"]);
        await leaving(cluster, "cp3");
        assert.deepEqual(cluster.changes, ["delete node cp3"]);
    });

    it("whose etcd is dead finishes when a join has taken its member out already, and is cleaned", async () => {
        const cluster = new LeaveCluster();
        cluster.members = cluster.members.filter(({ name }) => name !== "cp3");
        await leaving(cluster, "cp3");
        assert.deepEqual(
            cluster.changes,
            steps("cp1").filter((step) => !step.startsWith("remove member")),
        );
    });

    /** Two more members beside the sample's three; quorum of five is three. */
    const five = () => {
        const cluster = new LeaveCluster();
        for (const [name, id, byte] of [
            ["cp4", "d4", 24],
            ["cp5", "e5", 25],
        ] as const) {
            const urls = { peerUrls: [`https://10.89.0.${byte}:2380`], clientUrls: [`https://10.89.0.${byte}:2379`] };
            cluster.members.push(sampleMember(name, { id, ...urls }));
        }
        return cluster;
    };

    it("that is dead goes beside another dead one, when the living are a quorum with it and without it", async () => {
        const cluster = five();
        cluster.unreachable.add("cp3");
        cluster.unhealthy.set("cp5", "no route to host");
        await leaving(cluster, "cp3");
        assert.deepEqual(cluster.changes, ["remove member c3 through cp1", "delete node cp3"]);
    });

    it("that lives stays beside a dead one, though the others would be a quorum", async () => {
        const cluster = five();
        cluster.unhealthy.set("cp5", "no route to host");
        await assert.rejects(leaving(cluster, "cp3"), /member cp5 is not healthy \(no route to host\)/);
        assert.deepEqual(cluster.changes, []);
    });

    it("does not fail because one question has no answer while it waits", async () => {
        const cluster = new LeaveCluster();
        cluster.leases.lead("cp1");
        const { etcd, admin } = cluster.ports;
        etcd.alarms = failingOnce(etcd.alarms, () => true);
        etcd.status = failingOnce(etcd.status, () => cluster.changes.includes("leader to b2"));
        etcd.members = failingOnce(etcd.members, () => cluster.changes.includes("remove member a1 through cp2"));
        let asked = 0;
        admin.leases = failingOnce(admin.leases, () => ++asked === 2);
        await leaving(cluster, "cp1");
        assert.equal(cluster.changes.at(-1), "reset cp1");
        assert.match(cluster.reports.join(), /waiting: etcd cannot be asked \(no answer\)/);
    });

    const refusals: readonly [string, (cluster: LeaveCluster) => void, RegExp][] = [
        [
            "another member is not healthy",
            (cluster) => cluster.unhealthy.set("cp2", "deadline"),
            /member cp2 is not healthy \(deadline\)/,
        ],
        [
            "another member's host does not answer",
            (cluster) => cluster.unreachable.add("cp2"),
            /member cp2 is not healthy \(context deadline/,
        ],
        [
            "another member is a learner",
            (cluster) => cluster.members.push(sampleMember("cp4", { id: "d4", learner: true })),
            /member cp4 is still a learner/,
        ],
        [
            "another member never started",
            (cluster) => cluster.members.push(sampleMember("cp4", { id: "d4", name: "", started: false })),
            /member d4 was added but has never started/,
        ],
        [
            "etcd has an alarm",
            (cluster) => (cluster.alarms = [{ memberId: "b2", alarm: "NOSPACE" }]),
            /member cp2 has raised alarm NOSPACE/,
        ],
        ["it is the last member", (cluster) => (cluster.members = [sampleMember("cp3")]), /it is the last etcd member/],
    ];
    for (const [reason, prepare, says] of refusals) {
        it(`is refused, and nothing changed, when ${reason}`, async () => {
            const cluster = new LeaveCluster();
            prepare(cluster);
            await assert.rejects(leaving(cluster, "cp3"), (error: Error) => {
                assert.ok(error instanceof RefusedError, error.stack);
                assert.match(error.message, says);
                return true;
            });
            assert.deepEqual(cluster.changes, []);
        });
    }

    it("is refused when etcd has no quorum", async () => {
        const cluster = new LeaveCluster();
        cluster.unhealthy.set("cp2", "down").set("cp3", "down");
        await assert.rejects(
            leaving(cluster, "cp3"),
            /leave cp3 refused: etcd does not tell its members through consensus/,
        );
        assert.deepEqual(cluster.changes, []);
    });

    it("is refused when no other control plane would be left", async () => {
        const cluster = new LeaveCluster();
        const alone = {
            purpose: "leave" as const,
            host: cluster.host("cp1"),
            controlPlanes: [cluster.host("cp1")],
            gone: false,
        };
        const order = {
            request: alone,
            drainTimeout: Duration.seconds(1),
            ports: cluster.ports,
            progress: cluster.progress,
        };
        await assert.rejects(leave(order), /leave cp1 refused: no other control plane would be left/);
    });

    it("may leave while its own member is the sick one", async () => {
        const cluster = new LeaveCluster();
        cluster.unhealthy.set("cp3", "crash loop");
        cluster.alarms = [{ memberId: "c3", alarm: "CORRUPT" }];
        await leaving(cluster, "cp3");
        assert.equal(cluster.members.length, 2);
    });

    it("may leave when a control plane has joined that the request does not know", async () => {
        const cluster = new LeaveCluster();
        cluster.members.push(sampleMember("cp4", { id: "d4" }));
        await leaving(cluster, "cp3");
        assert.deepEqual(cluster.changes, steps("cp1"));
        assert.deepEqual(
            cluster.members.map(({ name }) => name),
            ["cp1", "cp2", "cp4"],
        );
    });

    it("waits for members that have just changed", async () => {
        const cluster = new LeaveCluster();
        cluster.unhealthy.set("cp2", "restarting");
        const { pause } = cluster.ports.clock;
        cluster.ports.clock.pause = (milliseconds) => {
            cluster.unhealthy.delete("cp2");
            return pause(milliseconds);
        };
        await leaving(cluster, "cp3");
        assert.ok(cluster.reports.some((line) => line.startsWith("waiting: member cp2 is not healthy (restarting)")));
        assert.deepEqual(cluster.changes, steps("cp1"));
    });

    it("is checked again after the drain, before anything that cannot be undone", async () => {
        const cluster = new LeaveCluster();
        const { drain } = cluster.ports.admin;
        cluster.ports.admin.drain = (...args) => {
            cluster.unhealthy.set("cp2", "died meanwhile");
            return drain(...args);
        };
        await assert.rejects(leaving(cluster, "cp3"), /member cp2 is not healthy \(died meanwhile\)/);
        assert.deepEqual(cluster.changes, ["cordon cp3", "drain cp3", "uncordon cp3"]);
    });

    for (const step of steps("cp1")) {
        it(`converges when run again after an interruption at "${step}"`, async () => {
            const cluster = new LeaveCluster();
            cluster.failAt = step;
            await assert.rejects(leaving(cluster, "cp3"), /was interrupted/);
            await leaving(cluster, "cp3");
            assert.deepEqual(
                cluster.members.map(({ name }) => name),
                ["cp1", "cp2"],
            );
            assert.equal(cluster.nodes.has("cp3"), false);
            assert.equal(cluster.installed.has("cp3"), false);
        });
    }

    it("loses a member that never started", async () => {
        const cluster = new LeaveCluster();
        cluster.members = [
            sampleMember("cp1"),
            sampleMember("cp2"),
            sampleMember("cp3", { name: "", started: false, learner: true }),
        ];
        cluster.nodes.delete("cp3");
        await leaving(cluster, "cp3");
        assert.deepEqual(cluster.changes, [
            "stop controllers of cp3",
            "stop API server of cp3",
            "remove member c3 through cp1",
            "stop kubelet of cp3",
            "reset cp3",
        ]);
    });
});

/** The same question, without an answer the first time that it is asked while `when` holds. */
function failingOnce<A extends unknown[], T>(question: (...args: A) => Promise<T>, when: () => boolean) {
    let hasFailed = false;
    return (...args: A): Promise<T> => {
        if (hasFailed || !when()) return question(...args);
        hasFailed = true;
        return Promise.reject(new Error("no answer"));
    };
}
