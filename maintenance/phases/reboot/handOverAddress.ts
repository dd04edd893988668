import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";

/** In the notes of a load balancer that had the virtual address when its turn came. */
export const HAD_ADDRESS = "had-address";

/** Gives the virtual address to another balancer while this one still serves what it has accepted (TRAPS 70). */
export const handOverAddress: Phase<RebootScope> = {
    name: "hand-over-address",
    title: ({ host }) => `see that ${host.name} does not have the virtual address`,
    shouldRun: ({ inventory }) => inventory.endpoint.kind === "haproxy",

    async run({ host, ports, notes }) {
        if ((await ports.virtualAddress.owner()) === host.name) await notes.write(HAD_ADDRESS, "yes");
        if (notes.read(HAD_ADDRESS) !== undefined) await ports.virtualAddress.handOver(host.name);
    },

    async undo({ host, ports, notes, settings }) {
        if (notes.read(HAD_ADDRESS) === undefined) return;
        await ports.virtualAddress.release(host.name, { now: settings.takeAddressBack });
    },
};
