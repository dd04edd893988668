import { readFile, writeFile } from "node:fs/promises";
import { LabError } from "../errors";
import { finish, run } from "../process";
import { stateDirectory } from "../settings";
import { labNetwork } from "../topology";

/** Kernel settings the hosts need of the machine, as minimum values; eight kubelets watch many files. */
const kernelMinimums: Readonly<Record<string, number>> = {
    "net/ipv4/ip_forward": 1,
    "fs/inotify/max_user_instances": 8192,
    "fs/inotify/max_user_watches": 1_048_576,
};

const ownerMark = (): string => `quorate ${stateDirectory()}`;

/** Makes the bridge the hosts are plugged into, if it is not there. @throws LabError when another lab owns it */
export async function ensureNetwork(): Promise<void> {
    await raiseKernelSettings();
    const { bridge, gateway, prefixLength } = labNetwork;
    const owner = await bridgeOwner();
    if (owner === undefined) {
        await run("ip", ["link", "add", bridge, "type", "bridge", "forward_delay", "0"]);
        await run("ip", ["link", "set", bridge, "alias", ownerMark()]);
    } else if (owner !== ownerMark()) {
        const use = owner ? `is in use by "${owner}"` : "was not made by this lab";
        throw new LabError(`network bridge ${bridge} ${use}; remove it (ip link del ${bridge}) or stop that lab first`);
    }
    await run("ip", ["address", "replace", `${gateway}/${prefixLength}`, "dev", bridge]);
    await run("ip", ["link", "set", bridge, "up"]);
}

/** Removes the bridge if this lab made it. */
export async function removeNetwork(): Promise<void> {
    if ((await bridgeOwner()) === ownerMark()) await finish("ip", ["link", "del", labNetwork.bridge]);
}

/** Name of the machine's end of a host's cable. */
export function hostPort(host: string): string {
    return `vb-${host}`;
}

/** Pulls a host's cable: from now on no packet reaches it or leaves it, and nothing tells its peers so. */
export async function unplug(host: string): Promise<void> {
    await finish("ip", ["link", "set", hostPort(host), "down"]);
}

/** Removes what a dead host left on the bridge. */
export async function removeHostPort(host: string): Promise<void> {
    await finish("ip", ["link", "del", hostPort(host)]);
}

async function bridgeOwner(): Promise<string | undefined> {
    const shown = await finish("ip", ["-json", "link", "show", labNetwork.bridge]);
    if (shown.status !== 0) return undefined;
    const [link] = JSON.parse(shown.stdout) as { ifalias?: string }[];
    return link?.ifalias ?? "";
}

async function raiseKernelSettings(): Promise<void> {
    for (const [setting, minimum] of Object.entries(kernelMinimums)) {
        const file = `/proc/sys/${setting}`;
        if (Number(await readFile(file, "utf8")) < minimum) await writeFile(file, `${minimum}\n`);
    }
}
