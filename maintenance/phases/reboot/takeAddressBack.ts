import type { RebootScope } from "../../actions/reboot/rebootScope";
import { HAND_OVER_DEADLINE } from "../../ports/addressMover";
import type { Phase } from "../../workflow/phase";
import { HAD_ADDRESS } from "./handOverAddress";

/** Gives a balancer the virtual address back, where the run is told to; otherwise it stays where it is (TRAPS 30). */
export const takeAddressBack: Phase<RebootScope> = {
    name: "take-address-back",
    title: ({ host }) => `give ${host.name} the virtual address back`,
    shouldRun: ({ settings, notes }) => settings.takeAddressBack && notes.read(HAD_ADDRESS) !== undefined,
    deadline: () => HAND_OVER_DEADLINE,
    run: ({ host, ports, progress }) =>
        ports.virtualAddress.release(host.name, { now: true, report: (line) => progress.report(line) }),
};
