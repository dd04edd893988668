import type { Proof } from "../../actions/reboot/rebootPorts";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import { awaitNothingLeft } from "./awaitNothingLeft";

/** Waits until a proof passes. @throws DeadlineError with what was seen last */
export async function awaitProof(scope: RebootScope, what: string, prove: () => Promise<Proof>): Promise<void> {
    await awaitNothingLeft(scope, {
        what,
        deadline: scope.settings.deadlines.ready,
        missing: async () => {
            const { passed, seen } = await prove();
            return passed ? [] : [seen];
        },
    });
}
