import { Duration } from "../../model/duration";
import type { ClusterInventory } from "../../model/inventory";
import type { HostControl, IngressRoute, Proof, Report } from "../actions/reboot/rebootPorts";
import type { ApiCaller } from "./apiCaller";
import { unservedByBalancer } from "./balancerService";
import { runDetached, type DetachedStep } from "./detachedStep";
import {
    API_SERVER_START_DEADLINE,
    API_SERVER_STOP_DEADLINE,
    REBOOT,
    REBOOT_REQUIRED,
    START_API_SERVER,
    START_API_SERVER_UNIT,
    STOP_API_SERVER_UNIT,
    stopApiServerScript,
} from "./hostScripts";
import { ingressPods } from "./ingressPods";
import { ingressDoubt, ingressProof } from "./ingressProof";
import { inventoryHost } from "./inventoryHost";
import { podNetworkProof } from "./podNetworkProof";
import { execOk, HostKeyError, RemoteError, UnreachableError, type Remote } from "./remote";

const SHORT = Duration.seconds(10);
/** Asked again and again while a host boots; one that hangs is asked anew. */
const BOOT_ID_TIMEOUT = Duration.seconds(2);

const STOP: Omit<DetachedStep, "script"> = {
    unit: STOP_API_SERVER_UNIT,
    what: "stopping the API server",
    deadline: API_SERVER_STOP_DEADLINE,
};

const START: DetachedStep = {
    unit: START_API_SERVER_UNIT,
    script: START_API_SERVER,
    what: "starting the API server",
    deadline: API_SERVER_START_DEADLINE,
};

/** What it needs beside SSH. */
export interface HostControlOptions {
    readonly inventory: ClusterInventory;
    readonly route: IngressRoute | undefined;
    /** For what only the cluster knows, such as the addresses of pods. */
    readonly api: ApiCaller;
}

/** Hosts over SSH. */
export function openHostControl(remote: Remote, { inventory, route, api }: HostControlOptions): HostControl {
    const run = (host: string, command: string, what: string, timeout = SHORT) =>
        execOk(remote, inventoryHost(inventory, host), command, { timeout, what });
    const change = async (host: string, step: DetachedStep, report?: Report) => {
        await runDetached(remote, inventoryHost(inventory, host), step, { report });
    };
    return {
        async bootId(host) {
            const text = await run(host, "cat /proc/sys/kernel/random/boot_id", "reading its boot id", BOOT_ID_TIMEOUT);
            return text.trim();
        },
        rebootRequired: async (host) =>
            (await run(host, REBOOT_REQUIRED, "asking whether it needs a reboot")).trim() === "yes",
        async stopApiServer(host, report) {
            const script = stopApiServerScript(await ingressPods(api, inventory, host));
            await change(host, { ...STOP, script }, report);
        },
        startApiServer: (host, report) => change(host, START, report),
        async reboot(host) {
            try {
                await run(host, REBOOT, "ordering a reboot");
            } catch (error) {
                if (!mayHaveRebooted(error)) throw error;
            }
        },
        unservedByBalancer: (host) => unservedByBalancer(remote, inventory, host),
        podNetworkProof: (host) => podNetworkProof(remote, inventory, api, host),
        ingressProof: (host): Promise<Proof> => ingressProof(remote, { inventory, route, api }, host),
        ingressDoubt: () => ingressDoubt(remote, { inventory, route, api }),
    };
}

/** The connection broke under the command, which is what a reboot does. A refusal and an unreachable host are not that. */
function mayHaveRebooted(error: unknown): boolean {
    if (!(error instanceof RemoteError)) return false;
    return !(error instanceof UnreachableError) && !(error instanceof HostKeyError) && error.exit === undefined;
}
