import type { OwnWork } from "../../actions/reboot/rebootPorts";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import { BOOT_ID_NOTE } from "./reboot";

const NOTE = "own-work";

/** What runs on the host's node by itself, to be noted; undefined when a look would come too late, as the host may be rebooting. */
export async function ownWorkToNote({ host, ports, notes }: RebootScope): Promise<OwnWork | undefined> {
    const isLate = notes.read(BOOT_ID_NOTE) !== undefined && notes.read(NOTE) !== undefined;
    return host.role === "load-balancer" || isLate ? undefined : ports.nodes.ownWork(host.name);
}

/** Notes it for the time after the boot. */
export function noteOwnWork({ notes }: RebootScope, work: OwnWork): Promise<void> {
    return notes.write(NOTE, JSON.stringify(work));
}

/** What was noted last; undefined when nothing was. */
export function notedOwnWork({ notes }: RebootScope): OwnWork | undefined {
    const noted = notes.read(NOTE);
    return noted === undefined ? undefined : (JSON.parse(noted) as OwnWork);
}
