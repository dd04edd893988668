import assert from "node:assert/strict";
import { ask, unanswered } from "../../../../maintenance/facts/answer";
import { gatherFacts } from "../../../../maintenance/facts/gatherFacts";
import type { ClusterPorts } from "../../../../maintenance/facts/clusterPorts";
import { Duration } from "../../../../model/duration";
import { fakeClock } from "../../../fakes/fakeClock";
import { observationPorts } from "../../../fakes/observationPorts";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { healthyFacts, observation } from "../../../fakes/sampleFacts";

const TIMEOUT = Duration.milliseconds(200);
const never = () => new Promise<never>(() => undefined);

function gather(ports: ClusterPorts, timeout = TIMEOUT) {
    return gatherFacts(sampleInventory(), ports, { timeout, clock: fakeClock() });
}

describe("gathering facts", () => {
    const inventory = sampleInventory();

    it("asks every host, member, server and balancer", async () => {
        const facts = healthyFacts(inventory);
        assert.deepEqual(await gather(observationPorts(inventory, facts)), facts);
    });

    it("keeps why a question stayed open", async () => {
        const { facts } = observation(({ units, etcd }) => ({
            units: { ...units, w1: unanswered("no SSH") },
            etcd: { ...etcd, health: { ...etcd.health, cp2: unanswered("exit status 1") } },
        }));
        assert.deepEqual(await gather(observationPorts(inventory, facts)), facts);
    });

    it("is not held up by hosts that never answer", async () => {
        const ports = observationPorts(inventory, healthyFacts(inventory));
        const stuck: ClusterPorts = {
            ...ports,
            systemd: { states: (host, units) => (host.name === "cp1" ? never() : ports.systemd.states(host, units)) },
            kubernetes: { facts: never, version: never },
        };
        const started = Date.now();
        const facts = await gather(stuck);
        assert.ok(Date.now() - started < 5000);
        assert.deepEqual(facts.units.cp1, unanswered("no answer within 200ms"));
        assert.equal(facts.units.cp2?.answered, true);
        assert.deepEqual(facts.kubernetes, unanswered("no answer within 200ms"));
    });

    it("asks a control plane for the nodes when nothing answers at the endpoint", async () => {
        const ports = observationPorts(inventory, healthyFacts(inventory));
        const servers: string[] = [];
        const facts = await gather({
            ...ports,
            kubernetes: {
                ...ports.kubernetes,
                async facts(server) {
                    servers.push(server);
                    if (server !== "https://10.89.0.23:6443") throw new Error("connection refused");
                    return ports.kubernetes.facts(server);
                },
            },
        });
        assert.equal(facts.kubernetes.answered, true);
        assert.equal(servers[0], "https://10.89.0.10:6443");
        assert.equal(servers.length, 4);
    });

    it("tells why the endpoint failed when no control plane answers either", async () => {
        const ports = observationPorts(inventory, healthyFacts(inventory));
        const facts = await gather({
            ...ports,
            kubernetes: { ...ports.kubernetes, facts: (server) => Promise.reject(new Error(`refused by ${server}`)) },
        });
        assert.deepEqual(facts.kubernetes, unanswered("refused by https://10.89.0.10:6443"));
    });
});

describe("asking", () => {
    it("tells every cause of an error that has several", async () => {
        const several = new AggregateError([new Error("::1 refused"), new Error("127.0.0.1 refused")]);
        assert.deepEqual(
            await ask(() => Promise.reject(several), TIMEOUT),
            unanswered("::1 refused; 127.0.0.1 refused"),
        );
    });

    it("tells a failed command in one line, with the end of what it said", async () => {
        const failed = new Error(
            'cp1: etcdctl member list ended with exit status 1:\n{"level":"warn"}\nError: context deadline exceeded',
        );
        assert.deepEqual(
            await ask(() => Promise.reject(failed), TIMEOUT),
            unanswered("cp1: etcdctl member list ended with exit status 1: Error: context deadline exceeded"),
        );
    });
});
