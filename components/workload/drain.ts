import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import { Duration } from "../../model/duration";
import { secondsSchema, secondsWithDefault } from "./fields";
import { type Rule, problemIf } from "./rules";

/** Left over between the last request and the kill, for signals and exit handlers. */
const MARGIN = Duration.seconds(5);

/** How a pod ends: it serves on while the others forget it, then the application is told to stop, then it is killed. */
export const drainSchema = z
    .strictObject({
        /**
         * From the decision to end a pod until its application is told. Endpoints, kube-proxy and ingress proxies need 2 to 4 s
         * to send no more requests (measured, TRAPS 65); 8 s is twice that.
         */
        preStop: secondsWithDefault("8s"),
        /** What the application itself needs after SIGTERM to finish what it has accepted. */
        app: secondsWithDefault("15s"),
        /** Until the kill, all of it; preStop, app and 5 s when left out. */
        grace: secondsSchema.optional(),
    })
    .prefault({});
export type Drain = z.output<typeof drainSchema>;

/** The kubelet counts the preStop hook into the grace period: one that fills it leaves the application no time to stop. */
export const graceOutlastsDrain: Rule<{ readonly drain: Drain }> = ({ drain: { preStop, app, grace } }) => {
    if (grace === undefined || grace.isLongerThan(preStop.plus(app))) return [];
    const message = grace.isLongerThan(preStop)
        ? `${grace} ends before preStop ${preStop} and the application's ${app} have passed`
        : `${grace} is not longer than preStop ${preStop}, so the application is killed without having been told`;
    return problemIf(true, "drain.grace", `${message}; write more than ${preStop.plus(app)}, or leave it out`);
};

/** From the decision to end a pod until it is killed. */
export function gracePeriod({ preStop, app, grace }: Drain): Duration {
    return grace ?? preStop.plus(app).plus(MARGIN);
}

/** The pause before SIGTERM, by the kubelet itself (KEP-3960): the image needs no shell. */
export function pauseBeforeStop({ preStop }: Drain) {
    return {
        preStop: { sleep: { seconds: preStop.wholeSeconds } },
    } satisfies types.input.core.v1.Lifecycle;
}
