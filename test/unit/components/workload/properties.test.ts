import assert from "node:assert/strict";
import fc from "fast-check";
import { type HaWorkloadArgs, parseWorkload } from "../../../../components/workload/workloadArgs";
import { workloadObjects } from "../../../../components/workload/workloadObjects";
import { ConfigError } from "../../../../model/configError";
import { type Changeable, workloadArgs } from "./sampleArgs";

/** What is drawn: small numbers, so that good and bad combinations are both common. */
interface Drawn {
    readonly replicas: number | undefined;
    readonly autoscaling: { readonly min: number; readonly max: number } | undefined;
    readonly maxUnavailable: number;
    readonly preStop: number;
    readonly app: number;
    readonly grace: number | undefined;
    readonly readiness: { readonly period: number; readonly failures: number };
    readonly liveness: { readonly period: number; readonly failures: number };
}

const small = fc.integer({ min: 0, max: 6 });
const pace = fc.record({ period: fc.integer({ min: 1, max: 12 }), failures: fc.integer({ min: 1, max: 6 }) });
const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const drawn: fc.Arbitrary<Drawn> = fc.record({
    replicas: sometimes(small),
    autoscaling: sometimes(fc.record({ min: small, max: small })),
    maxUnavailable: small,
    preStop: fc.integer({ min: 1, max: 60 }),
    app: fc.integer({ min: 1, max: 60 }),
    grace: sometimes(fc.integer({ min: 1, max: 180 })),
    readiness: pace,
    liveness: pace,
});

/** Whether a person would call the arguments sound, said once more without the component's words. */
function sound({ replicas, autoscaling, maxUnavailable, preStop, app, grace, readiness, liveness }: Drawn): boolean {
    if (replicas !== undefined && autoscaling !== undefined) return false;
    const fewest = autoscaling === undefined ? (replicas ?? 3) : autoscaling.min;
    const most = autoscaling === undefined ? fewest : autoscaling.max;
    return (
        fewest >= 2 &&
        most >= fewest &&
        maxUnavailable >= 1 &&
        maxUnavailable < fewest &&
        (grace === undefined || preStop + app < grace) &&
        liveness.period > readiness.period &&
        liveness.period * liveness.failures > readiness.period * readiness.failures
    );
}

function argsOf({ replicas, autoscaling, maxUnavailable, preStop, app, grace, readiness, liveness }: Drawn) {
    const every = ({ period, failures }: Drawn["readiness"]) => ({ period: `${period}s`, failures });
    return {
        ...workloadArgs(),
        ...(replicas !== undefined && { replicas }),
        ...(autoscaling !== undefined && { autoscaling }),
        maxUnavailable,
        drain: { preStop: `${preStop}s`, app: `${app}s`, ...(grace !== undefined && { grace: `${grace}s` }) },
        probes: { readiness: { path: "/", ...every(readiness) }, liveness: every(liveness) },
    };
}

/** The objects of accepted arguments; undefined for refused ones, which must be refused properly. */
function render(args: HaWorkloadArgs): Changeable {
    try {
        return workloadObjects(parseWorkload("shop", args));
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        assert.ok(error.problems.length > 0);
        for (const { path, message } of error.problems) assert.ok(path !== "" && message !== "");
        return undefined;
    }
}

describe("for any arguments, a workload", () => {
    it("is accepted if and only if they are sound", () => {
        fc.assert(
            fc.property(drawn, (given) => assert.equal(render(argsOf(given)) !== undefined, sound(given))),
            { numRuns: 1000 },
        );
    });
});

describe("for any accepted arguments, a workload", () => {
    const holds = (invariant: (objects: Changeable) => void) =>
        fc.assert(
            fc.property(drawn.filter(sound), (given) => invariant(render(argsOf(given)))),
            { numRuns: 200 },
        );
    const podOf = (objects: Changeable) => objects.deployment.spec.template.spec;

    it("lets drains take at least one pod and leaves at least one", () => {
        holds(({ deployment, autoscaler, budget }) => {
            const fewest: number = deployment.spec.replicas ?? autoscaler.spec.minReplicas;
            assert.ok(budget.spec.maxUnavailable >= 1);
            assert.ok(fewest - budget.spec.maxUnavailable >= 1);
        });
    });

    it("tells its application to stop before it is killed", () => {
        holds((objects) => {
            const { terminationGracePeriodSeconds, containers } = podOf(objects);
            assert.ok(containers[0].lifecycle.preStop.sleep.seconds < terminationGracePeriodSeconds);
        });
    });

    it("leaves the Service before it is restarted", () => {
        holds((objects) => {
            const [{ readinessProbe, livenessProbe }] = podOf(objects).containers;
            const limit = (probe: Changeable) => probe.periodSeconds * probe.failureThreshold;
            assert.ok(limit(livenessProbe) > limit(readinessProbe));
            assert.ok(livenessProbe.periodSeconds > readinessProbe.periodSeconds);
        });
    });

    it("says its number of replicas in one place", () => {
        holds(({ deployment, autoscaler }) => {
            assert.equal("replicas" in deployment.spec, autoscaler === undefined);
        });
    });

    it("selects exactly its own pods", () => {
        holds(({ deployment, service, budget }) => {
            const { labels } = deployment.spec.template.metadata;
            for (const selector of [
                deployment.spec.selector.matchLabels,
                service.spec.selector,
                budget.spec.selector.matchLabels,
            ]) {
                assert.ok(Object.keys(selector).length > 0);
                for (const [key, value] of Object.entries(selector)) assert.equal(labels[key], value);
            }
        });
    });
});
