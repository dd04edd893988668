import type { HostScript } from "../../../../components/command/hostScript";
import { packetFilterBody, packetFilterFiles } from "../../../../components/packetFilter/packetFilter";

const FILES = packetFilterFiles("").map(({ path }) => path);

/** A step without its first part, which is tested on its own. */
export function withoutPacketFilter(step: HostScript): HostScript {
    const files = step.files?.filter(({ path }) => !FILES.includes(path)) ?? [];
    return { ...step, files, body: step.body.replace(packetFilterBody(), "") };
}
