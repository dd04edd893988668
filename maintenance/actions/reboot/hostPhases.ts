import type { InventoryHost } from "../../../model/inventory";
import type { Phase } from "../../workflow/phase";
import { balancerBack } from "../../phases/reboot/balancerBack";
import { cordon } from "../../phases/reboot/cordon";
import { enterIngress } from "../../phases/reboot/enterIngress";
import { evictRest } from "../../phases/reboot/evictRest";
import { evictStorage } from "../../phases/reboot/evictStorage";
import { enterApi } from "../../phases/reboot/enterApi";
import { handOverAddress } from "../../phases/reboot/handOverAddress";
import { ingressProof } from "../../phases/reboot/ingressProof";
import { leaveApi } from "../../phases/reboot/leaveApi";
import { leaveIngress } from "../../phases/reboot/leaveIngress";
import { moveLeaderAway } from "../../phases/reboot/moveLeaderAway";
import { networkProof } from "../../phases/reboot/networkProof";
import { nodeBack } from "../../phases/reboot/nodeBack";
import { nodeReady } from "../../phases/reboot/nodeReady";
import { reboot } from "../../phases/reboot/reboot";
import { stopApiServer } from "../../phases/reboot/stopApiServer";
import { takeAddressBack } from "../../phases/reboot/takeAddressBack";
import { uncordon } from "../../phases/reboot/uncordon";
import { volumesDetached } from "../../phases/reboot/volumesDetached";
import { gate } from "./gate";
import type { RebootScope } from "./rebootScope";

/** Phases in order; those of one list within it go side by side: each waits for something of its own. */
type Steps = readonly (readonly Phase<RebootScope>[])[];

/** The phases of one host. */
export interface HostPhases {
    /** Can be put back, the last first. */
    readonly away: Steps;
    /** From here on only forward. */
    readonly reboot: Phase<RebootScope>;
    readonly back: Steps;
}

const before = gate("gate");
const again = gate("gate-again", { afterDrain: true });
const empty: Steps = [[before], [leaveIngress], [cordon], [evictStorage], [evictRest], [volumesDetached]];

/** What is done with a host of each role. */
export const HOST_PHASES: Readonly<Record<InventoryHost["role"], HostPhases>> = {
    worker: {
        away: [...empty, [again]],
        reboot,
        back: [[nodeReady], [nodeBack, networkProof, ingressProof], [enterIngress], [uncordon]],
    },
    "control-plane": {
        away: [...empty, [moveLeaderAway, leaveApi], [stopApiServer], [again]],
        reboot,
        back: [[nodeReady], [nodeBack, networkProof, ingressProof], [enterIngress, enterApi], [uncordon]],
    },
    "load-balancer": {
        away: [[before], [handOverAddress]],
        reboot,
        back: [[balancerBack], [takeAddressBack]],
    },
};

/** Every phase of a host, in order. */
export function allPhases({ away, reboot, back }: HostPhases): readonly Phase<RebootScope>[] {
    return [...away.flat(), reboot, ...back.flat()];
}
