import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import type { Duration } from "../../model/duration";
import { httpPath, neededBecause, portName, secondsWithDefault, wholeNumber } from "./fields";
import { type Rule, problemIf } from "./rules";

const NO_READINESS = "without a readiness path requests go to pods that cannot serve them; write the path that says so";

const readinessSchema = z.strictObject(
    {
        /** Answers 2xx while the pod can serve; may look at what the pod depends on. */
        path: z.string({ error: neededBecause(NO_READINESS) }).pipe(httpPath),
        /** Name of the port; the first of `ports` when left out. */
        port: portName.optional(),
        period: secondsWithDefault("2s"),
        timeout: secondsWithDefault("1s"),
        failures: wholeNumber(1).default(2),
    },
    { error: neededBecause(NO_READINESS) },
);

const livenessSchema = z
    .strictObject({
        /**
         * Answers 2xx unless only a restart helps; must not look at what the pod depends on. Left out, the port must accept a
         * connection: the readiness path would restart every pod whenever a database is away.
         */
        path: httpPath.optional(),
        port: portName.optional(),
        period: secondsWithDefault("10s"),
        timeout: secondsWithDefault("5s"),
        failures: wholeNumber(1).default(6),
    })
    .prefault({});

const startupSchema = z
    .strictObject({
        /** How long a container may take to pass its liveness check for the first time. */
        limit: secondsWithDefault("60s"),
        period: secondsWithDefault("1s"),
    })
    .prefault({});

/** How a container is asked whether it can serve (readiness), must be restarted (liveness), and has begun (startup). */
export const probesSchema = z.strictObject(
    { readiness: readinessSchema, liveness: livenessSchema, startup: startupSchema },
    { error: neededBecause(NO_READINESS) },
);
export type Probes = z.output<typeof probesSchema>;

/** A pod that cannot serve leaves the Service first, and is restarted only when that has not helped for long. */
export const livenessIsPatient: Rule<{ readonly probes: Probes }> = ({ probes: { readiness, liveness } }) => {
    const [patience, limit] = [liveness, readiness].map(({ period, failures }) => period.times(failures)) as [
        Duration,
        Duration,
    ];
    return [
        ...problemIf(
            !liveness.period.isLongerThan(readiness.period),
            "probes.liveness.period",
            `${liveness.period} is not slower than readiness every ${readiness.period}; write more`,
        ),
        ...problemIf(
            !patience.isLongerThan(limit),
            "probes.liveness.failures",
            `restarts a container after ${patience}, but readiness takes it out of the Service only after ${limit}; write more failures`,
        ),
    ];
};

/** Probes may name only ports that the container has. */
export const probedPortsExist: Rule<{
    readonly probes: Probes;
    readonly ports: readonly { readonly name: string }[];
}> = ({ probes, ports }) => {
    const names = ports.map(({ name }) => name);
    return (["readiness", "liveness"] as const).flatMap((kind) => {
        const { port } = probes[kind];
        return problemIf(
            port !== undefined && !names.includes(port),
            `probes.${kind}.port`,
            `"${port}" is none of the ports; write one of ${names.join(", ")}`,
        );
    });
};

/**
 * The three probes of a container. Startup asks what liveness asks: until it has passed, neither of the others runs.
 * @param defaultPort name or number of the port for probes that name none
 */
export function containerProbes({ readiness, liveness, startup }: Probes, defaultPort: string | number) {
    const alive = handler(liveness, defaultPort);
    return {
        startupProbe: {
            ...alive,
            periodSeconds: startup.period.wholeSeconds,
            timeoutSeconds: liveness.timeout.wholeSeconds,
            failureThreshold: Math.ceil(startup.limit.milliseconds / startup.period.milliseconds),
        },
        readinessProbe: { ...handler(readiness, defaultPort), ...pace(readiness) },
        livenessProbe: { ...alive, ...pace(liveness) },
    } satisfies Partial<types.input.core.v1.Container>;
}

interface Check {
    readonly path?: string | undefined;
    readonly port?: string | undefined;
    readonly period: Duration;
    readonly timeout: Duration;
    readonly failures: number;
}

function handler({ path, port }: Check, defaultPort: string | number) {
    const target = port ?? defaultPort;
    return path === undefined ? { tcpSocket: { port: target } } : { httpGet: { path, port: target } };
}

function pace({ period, timeout, failures }: Check) {
    return {
        periodSeconds: period.wholeSeconds,
        timeoutSeconds: timeout.wholeSeconds,
        failureThreshold: failures,
    };
}
