import assert from "node:assert/strict";
import fc from "fast-check";
import { allPhases, HOST_PHASES } from "../../../../../maintenance/actions/reboot/hostPhases";
import type { LaneSpan, PhaseSpan } from "../../../../../maintenance/probe/spans";
import { chartRows } from "../../../../../maintenance/report/availability/chartRows";
import { hostStates } from "../../../../../maintenance/report/availability/hostStates";
import { purposeOf, purposes, stateLook } from "../../../../../maintenance/report/availability/looks";
import { mergeLanes, type ValueSpan } from "../../../../../maintenance/report/availability/mergeLanes";
import { sideBySide } from "../../../../../maintenance/report/availability/sideBySide";
import { probeReport } from "../../../../../maintenance/probe/probeReport";
import { ABSENT, NO_ANSWER, nodeValues, serverValues } from "../../../../../maintenance/observe/laneWords";
import { Duration } from "../../../../../model/duration";
import { rebootedRun } from "../../../../fakes/rebootedRun";
import { sampleInventory } from "../../../../fakes/sampleCluster";

/** A lane whose values last a second each, from 0. */
function lane(name: LaneSpan["lane"], subject: string, ...values: readonly string[]): LaneSpan[] {
    return values.map((value, second) => ({
        lane: name,
        subject,
        value,
        start: second * 1000,
        end: second * 1000 + 1000,
    }));
}

const said = (lanes: readonly LaneSpan[]) =>
    hostStates(lanes).map(
        ({ host, name, spans }) =>
            `${host} ${name}: ${spans.map(({ value, start }) => `${start / 1000} ${value}`).join(", ")}`,
    );

describe("the states of a host below its phases", () => {
    it("leave out what kept one state all the time", () => {
        assert.deepEqual(said([...lane("node", "w1", "Ready"), ...lane("node", "w2", "Ready", "NotReady")]), [
            "w2 node: 0 Ready, 1 NotReady",
        ]);
    });

    it("are one for all balancers, the worst, and where when it is not everywhere", () => {
        const lanes = [
            ...lane("balancer-server", "lb1/ingress-http/cp1", "up", "maint", "maint", "up"),
            ...lane("balancer-server", "lb2/ingress-http/cp1", "up", "up", "maint", "up"),
        ];
        assert.deepEqual(said(lanes), ["cp1 ingress-http: 0 up, 1 maint at lb1, 2 maint, 3 up"]);
    });

    it("are one for backends with the same states at the same times", () => {
        const lanes = ["ingress-http", "ingress-https", "k8s-api"].flatMap((backend) =>
            lane("balancer-server", `lb1/${backend}/cp1`, "up", backend === "k8s-api" ? "down" : "maint", "up"),
        );
        assert.deepEqual(said(lanes), [
            "cp1 ingress-http, ingress-https: 0 up, 1 maint, 2 up",
            "cp1 k8s-api: 0 up, 1 down, 2 up",
        ]);
    });

    it("tell of a balancer without an answer at that balancer, not at every server", () => {
        const lanes = ["cp1", "cp2"].flatMap((host) => [
            ...lane("balancer-server", `lb1/k8s-api/${host}`, "up", "no answer", "up"),
            ...lane("balancer-server", `lb2/k8s-api/${host}`, "up", "up", "up"),
        ]);
        assert.deepEqual(said(lanes), ["lb1 balancer: 0 answers, 1 no answer, 2 answers"]);
    });

    it("say no answer of a server when no balancer answers", () => {
        const lanes = lane("balancer-server", "lb1/k8s-api/cp1", "up", "no answer");
        assert.ok(said(lanes).includes("cp1 k8s-api: 0 up, 1 no answer"));
    });

    it("come of any subjects, ours or not", () => {
        assert.deepEqual(said(lane("balancer-server", "cp1", "up", "down")), ["cp1 server: 0 up, 1 down"]);
    });
});

describe("lanes as one", () => {
    it("have at each time what joins the values of that time, and no two neighbours alike", () => {
        const cuts = fc
            .uniqueArray(fc.nat(50), { minLength: 2, maxLength: 8 })
            .map((list) => list.toSorted((a, b) => a - b));
        const spans = cuts.chain((times) =>
            fc
                .array(fc.constantFrom("up", "down", "maint"), {
                    minLength: times.length - 1,
                    maxLength: times.length - 1,
                })
                .map((values) =>
                    values.map((value, index) => ({ value, start: times[index]!, end: times[index + 1]! })),
                ),
        );
        const join = (values: readonly { readonly source: string; readonly value: string }[]) =>
            values.map(({ source, value }) => `${source} ${value}`).join();
        fc.assert(
            fc.property(spans, spans, (one, two) => {
                const lanes = new Map([
                    ["one", one],
                    ["two", two],
                ]);
                const merged = mergeLanes(lanes, join);
                for (let time = 0; time <= 50; time++) {
                    const at = (list: readonly ValueSpan[]) =>
                        list.find(({ start, end }) => start <= time && time < end)?.value;
                    const expected = [...lanes].flatMap(([source, list]) => {
                        const value = at(list);
                        return value === undefined ? [] : [`${source} ${value}`];
                    });
                    assert.equal(at(merged) ?? "", expected.join());
                }
                merged
                    .slice(1)
                    .forEach(({ value, start }, index) =>
                        assert.ok(merged[index]!.value !== value || merged[index]!.end < start),
                    );
            }),
        );
    });
});

describe("phases side by side", () => {
    const span = (start: number, end: number) => ({ start, end });

    it("share the height only while they overlap", () => {
        const placed = sideBySide([span(0, 2), span(2, 6), span(2, 4), span(4, 5), span(6, 7)]);
        assert.deepEqual(
            placed.map(({ track, tracks }) => `${track} of ${tracks}`),
            ["0 of 1", "0 of 2", "1 of 2", "1 of 2", "0 of 1"],
        );
    });

    it("never cover each other", () => {
        const any = fc
            .tuple(fc.nat(100), fc.integer({ min: 1, max: 30 }))
            .map(([start, long]) => span(start, start + long));
        fc.assert(
            fc.property(fc.array(any, { maxLength: 12 }), (spans) => {
                const placed = sideBySide(spans);
                assert.equal(placed.length, spans.length);
                for (const [index, one] of placed.entries()) {
                    assert.ok(one.track < one.tracks);
                    for (const other of placed.slice(index + 1)) {
                        const overlap = one.start < other.end && other.start < one.end;
                        if (overlap) assert.ok(one.track !== other.track && one.tracks === other.tracks);
                    }
                }
            }),
        );
    });
});

describe("the looks of the chart", () => {
    it("put every phase of a reboot with others of its purpose, its undoing as well", () => {
        const names = Object.values(HOST_PHASES).flatMap((list) => allPhases(list).map(({ name }) => name));
        assert.deepEqual(
            [...names, "hook-before", "hook-after"].filter((name) => purposeOf(name) === name && name !== "reboot"),
            [],
        );
        assert.equal(purposeOf("undo-cordon"), purposeOf("cordon"));
    });

    it("give phases of others a colour by themselves", () => {
        const phases = ["reboot", "drain", "upgrade"].map((phase): PhaseSpan => ({
            host: "w1",
            phase,
            start: 0,
            end: 1,
            state: "finished",
        }));
        assert.deepEqual([...purposes(phases).keys()], ["reboot", "drain", "upgrade"]);
        assert.equal(new Set(purposes(phases).values()).size, 3);
    });

    it("know every state that a run's observer tells", () => {
        const inventory = sampleInventory();
        const node = (condition: string, cordoned = false) =>
            nodeValues(inventory, [{ name: "w1", condition, cordoned }]).find(({ subject }) => subject === "w1")!.value;
        const server = (administrative: "ready" | "drain" | "maint", up: boolean) => {
            const one = { balancer: "lb1", purpose: "api", backend: "k8s-api", host: "cp1", sessions: 0 } as const;
            const view = { balancer: "lb1", unreachable: "", servers: [{ ...one, administrative, up }] };
            return serverValues(inventory, [view])[0]!.value;
        };
        const looks = {
            on: [node("Ready"), server("ready", true), "lb1", "cp2"],
            off: [node("NotReady"), node("NotReady", true), node("Unknown"), server("ready", false), ABSENT, "nobody"],
            held: [node("Ready", true), server("maint", false), server("drain", true)],
            silent: [NO_ANSWER],
        };
        for (const [look, values] of Object.entries(looks)) {
            for (const value of values) assert.equal(stateLook(value), look, value);
        }
    });
});

describe("the chart of a rolling reboot", () => {
    it("has the cluster's own rows first, then each host with its states", async () => {
        const budget = { failed: 0, outage: undefined, minRate: 0.98, maxStall: Duration.milliseconds(500) };
        const rows = chartRows(probeReport(await rebootedRun({ failing: true }), budget));
        const node = ["  node"];
        const controlPlane = ["  node", "  k8s-api", "  ingress-http"];
        assert.deepEqual(
            rows.map(({ kind, label }) => (kind === "state" ? `  ${label}` : label)),
            [
                ...["address 10.89.0.10", "etcd leader"],
                ...["w1", ...node, "w2", ...node, "w3", ...node],
                ...["cp1", ...controlPlane, "cp3", ...controlPlane, "cp2", ...controlPlane],
                ...["lb2", "  balancer", "lb1", "  balancer"],
            ],
        );
    });

    it("names the host of a state where nothing was done to the host", () => {
        const report = { phases: [], lanes: lane("node", "w1", "Ready", "NotReady") };
        const rows = chartRows(report as unknown as Parameters<typeof chartRows>[0]);
        assert.deepEqual(
            rows.map(({ label }) => label),
            ["w1 node"],
        );
    });
});
