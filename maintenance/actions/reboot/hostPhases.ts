import type { InventoryHost } from "../../../model/inventory";
import type { Phase } from "../../workflow/phase";
import { balancerBack } from "../../phases/reboot/balancerBack";
import { cordon } from "../../phases/reboot/cordon";
import { enterIngress } from "../../phases/reboot/enterIngress";
import { evictRest } from "../../phases/reboot/evictRest";
import { evictStorage } from "../../phases/reboot/evictStorage";
import { handOverAddress } from "../../phases/reboot/handOverAddress";
import { ingressProof } from "../../phases/reboot/ingressProof";
import { leaveIngress } from "../../phases/reboot/leaveIngress";
import { moveLeaderAway } from "../../phases/reboot/moveLeaderAway";
import { networkProof } from "../../phases/reboot/networkProof";
import { nodeBack } from "../../phases/reboot/nodeBack";
import { reboot } from "../../phases/reboot/reboot";
import { stopApiServer } from "../../phases/reboot/stopApiServer";
import { takeAddressBack } from "../../phases/reboot/takeAddressBack";
import { uncordon } from "../../phases/reboot/uncordon";
import { volumesDetached } from "../../phases/reboot/volumesDetached";
import { gate } from "./gate";
import type { RebootScope } from "./rebootScope";

/** The phases of one host, in order. */
export interface HostPhases {
    /** Can be put back, the last first. */
    readonly away: readonly Phase<RebootScope>[];
    /** From here on only forward. */
    readonly reboot: Phase<RebootScope>;
    readonly back: readonly Phase<RebootScope>[];
}

const before = gate("gate");
const again = gate("gate-again");

/** What is done with a host of each role. */
export const HOST_PHASES: Readonly<Record<InventoryHost["role"], HostPhases>> = {
    worker: {
        away: [before, leaveIngress, cordon, evictStorage, evictRest, volumesDetached, again],
        reboot,
        back: [nodeBack, networkProof, ingressProof, enterIngress, uncordon],
    },
    "control-plane": {
        away: [
            before,
            leaveIngress,
            cordon,
            evictStorage,
            evictRest,
            volumesDetached,
            again,
            moveLeaderAway,
            stopApiServer,
        ],
        reboot,
        back: [nodeBack, networkProof, ingressProof, enterIngress, uncordon],
    },
    "load-balancer": {
        away: [before, handOverAddress],
        reboot,
        back: [balancerBack, takeAddressBack],
    },
};
