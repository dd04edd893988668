import { rm } from "node:fs/promises";
import type { HostImage } from "../image/hostImage";
import { removeHostPort, removeNetwork } from "../network/bridge";
import { kill, machineProcesses } from "../processes";
import { stateDirectory, statePath } from "../settings";
import { labHosts } from "../topology";
import { type BootReport, bootHosts } from "./boot";
import { machineCgroups, removeLabCgroups } from "./cgroups";
import { assertLabState, assertNothingMounted } from "./claim";
import { hostFolders } from "./folders";
import { forgetHostKey } from "./keys";
import { unmountBelow, unmountLab } from "./mounts";
import { killAllHosts, powerOff } from "./power";

/**
 * Ends all hosts and removes everything of theirs: processes, mounts, control groups, network, files, keys. Works from
 * any state a crash may have left, and on a machine where there is nothing to remove.
 *
 * @throws LabError when the state folder is not a lab's, or something in it cannot be unmounted
 */
export async function removeHosts(): Promise<void> {
    await assertLabState();
    strayProcesses().forEach(kill);
    await killAllHosts();
    await Promise.all(labHosts.map((host) => removeHostPort(host.name)));
    await unmountLab();
    await removeLabCgroups(machineCgroups());
    await removeNetwork();
    await assertNothingMounted();
    await rm(stateDirectory(), { recursive: true, force: true });
}

/** How new hosts differ from those that were thrown away. */
export interface Renewal {
    readonly traits?: readonly string[];
    /** Whether they identify themselves by new SSH host keys, as a machine that was installed anew. */
    readonly newKeys?: boolean;
}

/** Throws the named hosts away, data and all, and starts new ones from the image. */
export async function resetHosts(
    names: readonly string[],
    image: HostImage,
    { traits = [], newKeys = false }: Renewal = {},
): Promise<BootReport> {
    await Promise.all(names.map(discardHost));
    if (newKeys) await Promise.all(names.map(forgetHostKey));
    return bootHosts(names, image, traits);
}

/** Ends one host and removes its files. */
export async function discardHost(name: string): Promise<void> {
    await powerOff(name);
    await unmountBelow(hostFolders(name).directory);
    await rm(hostFolders(name).directory, { recursive: true, force: true });
}

/** Supervisors and containers of this state folder that are in no control group of ours, as a half-made start leaves. */
function strayProcesses(): number[] {
    const hosts = statePath("hosts");
    const ours = machineProcesses().filter(({ words }) => belongsToLab(words, hosts));
    return ours.map(({ pid }) => pid);
}

/** Whether a command line is one of a supervisor or a container whose files are below that folder. */
export function belongsToLab(words: readonly string[], hosts: string): boolean {
    const [program = "", ...args] = words;
    const runs = (name: string): boolean => program === name || program.endsWith(`/${name}`);
    if (runs("systemd-nspawn")) return args.some((word) => word.startsWith(`--directory=${hosts}/`));
    return runs("sh") && (args[0] ?? "").startsWith(`${hosts}/`) && (args[0] ?? "").endsWith("/supervise.sh");
}
