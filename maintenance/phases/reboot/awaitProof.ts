import type { Proof } from "../../actions/reboot/rebootPorts";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import { awaitNothingLeft } from "./awaitNothingLeft";

/** Waits until a proof passes, and warns of the doubt with which it did. @throws DeadlineError with what was seen last */
export async function awaitProof(scope: RebootScope, what: string, prove: () => Promise<Proof>): Promise<void> {
    let doubt: string | undefined;
    await awaitNothingLeft(scope, {
        what,
        deadline: scope.settings.deadlines.ready,
        missing: async () => {
            const proof = await prove();
            doubt = proof.doubt;
            return proof.passed ? [] : [proof.seen];
        },
    });
    if (doubt !== undefined) scope.progress.warn(`${what} came, but prove little: ${doubt}`);
}
