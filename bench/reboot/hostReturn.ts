import { Duration } from "../../model/duration";
import { errorLine } from "../../maintenance/workflow/errorLine";
import { until } from "../../maintenance/workflow/until";
import { type EventLog, during } from "./eventLog";
import type { HandPorts } from "./handPorts";

const INTERVAL = Duration.milliseconds(250);
const DEADLINE = Duration.parse("10m");

/**
 * Orders a reboot. The returned `back` watches until the host has booted and its node is Ready in that boot, and records
 * both, whether or not somebody waits for it: without that nobody could say how much of a fixed wait was needed.
 */
export async function rebootHost(
    host: string,
    ports: HandPorts,
    log: EventLog,
): Promise<{ readonly back: Promise<void> }> {
    const before = await ports.hosts.bootId(host);
    log.record(host, "reboot", "started");
    try {
        await ports.hosts.reboot(host);
    } catch (error) {
        log.record(host, "reboot", "failed");
        throw error;
    }
    const back = watch(host, before, ports, log);
    // Whoever needs it awaits it; until then a failure is not unhandled.
    back.catch(() => undefined);
    return { back };
}

async function watch(host: string, before: string, ports: HandPorts, log: EventLog): Promise<void> {
    const bootId = await newBoot(host, before, ports).catch((error: unknown) => {
        log.record(host, "reboot", "failed");
        throw error;
    });
    log.record(host, "reboot", "finished");
    await during(log, host, "node-back", () => nodeReady(host, bootId, ports));
}

/** What a host said of itself. */
type Seen = { readonly bootId: string } | { readonly silent: string };

async function newBoot(host: string, before: string, { hosts, patientClock }: HandPorts): Promise<string> {
    const seen = await until<Seen>({
        what: `${host} to answer with a new boot id`,
        deadline: DEADLINE,
        interval: INTERVAL,
        clock: patientClock,
        observe: () =>
            hosts.bootId(host).then(
                (bootId) => ({ bootId }),
                (error: unknown) => ({ silent: errorLine(error) }),
            ),
        satisfied: (answer) => "bootId" in answer && answer.bootId !== before,
        describe: (answer) => ("bootId" in answer ? "it has not rebooted yet" : answer.silent),
    });
    return "bootId" in seen ? seen.bootId : "";
}

async function nodeReady(host: string, bootId: string, { nodes, patientClock }: HandPorts): Promise<void> {
    await until({
        what: `node ${host} to be Ready in its present boot`,
        deadline: DEADLINE,
        interval: INTERVAL,
        clock: patientClock,
        observe: async () => {
            try {
                const node = await nodes.node(host);
                if (node === undefined) return "there is no such node";
                if (node.bootId !== bootId) return "its kubelet has not reported since the boot";
                return node.ready ? "" : node.notReadyReason || "it is not Ready";
            } catch (error) {
                return errorLine(error);
            }
        },
        satisfied: (missing) => missing === "",
        describe: (missing) => missing,
    });
}
