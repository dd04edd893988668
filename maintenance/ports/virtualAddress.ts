import type { ClusterInventory } from "../../model/inventory";
import type { AddressControl, Report } from "../actions/reboot/rebootPorts";
import type { Clock } from "../workflow/clock";
import { AddressMover } from "./addressMover";
import type { Remote } from "./remote";

/** keepalived's address on the load balancers, over SSH. @param warn told what makes a move less than seamless */
export function openVirtualAddress(
    remote: Remote,
    inventory: ClusterInventory,
    clock: Clock,
    warn: (line: string) => void,
): AddressControl {
    const moverFor = (report: Report = () => undefined) => new AddressMover(remote, inventory, clock, { warn, report });
    return {
        owner: () => moverFor().owner(),
        async handOver(from, report) {
            if (inventory.endpoint.kind === "external") return;
            const mover = moverFor(report);
            const owner = await mover.settledOwner();
            if (owner === from) await mover.move(from, await mover.successor(from));
            else await mover.finish(from, owner);
        },
        async release(host, { now, report }) {
            if (inventory.endpoint.kind === "external") return;
            const mover = moverFor(report);
            const owner = await mover.settledOwner();
            if (owner === host || !now) await mover.finish(host, owner);
            else await mover.move(owner, host);
            await mover.prefer(host, 0);
            if (now && owner !== host) await mover.prefer(owner, 0);
        },
    };
}
