import assert from "node:assert/strict";
import type { HaIngressArgs } from "../../../../components/workload/haIngress";
import type { HaStatefulWorkloadArgs } from "../../../../components/workload/haStatefulWorkload";
import type { HaWorkloadArgs } from "../../../../components/workload/haWorkload";
import { ConfigError, type ConfigProblem } from "../../../../model/configError";

/** A value that tests may make wrong in any way. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Changeable = any;

const replicated = {
    namespace: "shop",
    image: "registry.example/shop:1.4.2",
    ports: [{ name: "http", containerPort: 8080 }],
    probes: { readiness: { path: "/ready" } },
    resources: { qos: "guaranteed", cpu: "100m", memory: "64Mi" },
} as const;

/** Only what a web application must say. */
export function workloadArgs(): HaWorkloadArgs {
    return structuredClone<Changeable>(replicated);
}

/** Only what a database must say. */
export function statefulArgs(): HaStatefulWorkloadArgs {
    return structuredClone<Changeable>({
        ...replicated,
        volumes: [{ name: "data", mountPath: "/data", size: "1Gi" }],
    });
}

/** Only what an ingress proxy must say. */
export function ingressArgs(): HaIngressArgs {
    return {
        image: "registry.example/proxy:2.0",
        ports: [{ name: "http", containerPort: 9090, hostPort: 80 }],
        health: { port: 9090, path: "/healthz" },
        rules: [{ apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: ["get", "list", "watch"] }],
        ingressClass: { name: "proxy", controller: "proxy.example/ingress" },
        resources: { qos: "burstable", requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "128Mi" } },
        drain: "10s",
    };
}

/** What is wrong with arguments; fails when nothing is. */
export function problemsOf(parse: () => unknown): readonly ConfigProblem[] {
    try {
        parse();
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        return error.problems;
    }
    return assert.fail("the arguments were accepted");
}

/** One refusal: what is done to good arguments, the only key path that may be named, and the reason given. */
export type Refusal = readonly [behaviour: string, change: (args: Changeable) => void, path: string, message: RegExp];

/** Tests that good arguments are refused after each change, at exactly one key path, with the reason. */
export function refuses<T>(sample: () => T, parse: (args: T) => unknown, refusals: readonly Refusal[]): void {
    for (const [behaviour, change, path, message] of refusals) {
        it(behaviour, () => {
            const args = sample();
            change(args);
            const problems = problemsOf(() => parse(args));
            assert.deepEqual(
                problems.map((problem) => problem.path),
                [path],
                JSON.stringify(problems),
            );
            assert.match(problems[0]?.message ?? "", message);
        });
    }
}

/** Tests that good arguments are accepted after each change. */
export function accepts<T>(
    sample: () => T,
    parse: (args: T) => unknown,
    changes: Readonly<Record<string, (args: Changeable) => void>>,
): void {
    for (const [behaviour, change] of Object.entries(changes)) {
        it(behaviour, () => {
            const args = sample();
            change(args);
            parse(args);
        });
    }
}
