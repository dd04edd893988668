import type { OwnWork } from "../../actions/reboot/rebootPorts";
import type { RebootScope } from "../../actions/reboot/rebootScope";

const NOTE = "own-work";

/** Notes what runs on the host's node by itself, for the time after its boot. The first note stays: a later look may be of then. */
export async function noteOwnWork({ host, ports, notes }: RebootScope): Promise<void> {
    if (host.role === "load-balancer" || notes.read(NOTE) !== undefined) return;
    await notes.write(NOTE, JSON.stringify(await ports.nodes.ownWork(host.name)));
}

/** What was noted; undefined when nothing was. */
export function notedOwnWork({ notes }: RebootScope): OwnWork | undefined {
    const noted = notes.read(NOTE);
    return noted === undefined ? undefined : (JSON.parse(noted) as OwnWork);
}
