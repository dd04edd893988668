import { LabError, exitCode } from "../errors";
import { parseTraits, powerOff, powerOn } from "../hosts";
import { whileLocked } from "../lock";
import { prepareLab } from "../prepare";
import { Progress } from "../progress";
import { findHost } from "../topology";

/**
 * `npm run lab -- power HOST off|on`: pulls the plug without warning, or starts the host; spare hosts as well.
 * @param traitList traits of a host that is new, as typed
 */
export async function power(name: string, state: string, traitList = ""): Promise<void> {
    findHost(name);
    const traits = parseTraits(traitList);
    const progress = new Progress();
    await whileLocked(async () => {
        if (state === "off") return progress.during(`${name} off`, () => powerOff(name));
        if (state !== "on") throw new LabError(`power ${name} ${state}; expected on or off`, exitCode.usage);
        const { image } = await prepareLab(progress);
        return progress.during(`${name} on`, () => powerOn(name, image, traits));
    });
}
