import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, open, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import type { HostImage } from "../image/hostImage";
import { LabError } from "../errors";
import { copyContainerdStore } from "../image/containerdStore";
import { ensureNetwork, removeHostPort } from "../network/bridge";
import { type LabHost, findHost } from "../topology";
import { claimState } from "./claim";
import { createHostCgroups, hostCgroups, hostProcesses, machineCgroups } from "./cgroups";
import { type HostFolders, createHostFolders, hostFolders } from "./folders";
import { writeHostFiles } from "./hostFiles";
import { ensureKeys } from "./keys";
import { mountHost } from "./mounts";
import { awaitSsh } from "./reachable";
import { type BootSettings, renderSupervisor } from "./supervisor";

/** What {@link bootHosts} found and did. */
export interface BootReport {
    /** Hosts that were started now. */
    readonly started: readonly string[];
    /** Hosts that run on an older image than the one given; `resetHosts` brings them to the new one. */
    readonly outdated: readonly string[];
}

/**
 * Starts the named hosts that do not run, all at once, and returns when every one of them answers SSH. New hosts are
 * made from the image; hosts that exist keep what they hold.
 *
 * @param traits those of new hosts
 * @throws LabError when a host exists already and traits are asked for that it has not
 */
export async function bootHosts(
    names: readonly string[],
    image: HostImage,
    traits: readonly string[] = [],
): Promise<BootReport> {
    const hosts = names.map(findHost);
    await claimState();
    await ensureNetwork();
    await ensureKeys();
    const results = await Promise.all(hosts.map((host) => bootIfDown(host, image, traits)));
    await Promise.all(hosts.map(awaitSsh));
    const namesWhere = (key: "started" | "outdated"): string[] => names.filter((_, index) => results[index]?.[key]);
    return { started: namesWhere("started"), outdated: namesWhere("outdated") };
}

/** Starts one host; spare hosts as well. */
export async function bootHost(name: string, image: HostImage): Promise<void> {
    await bootHosts([name], image);
}

/** Whether a host has processes. */
export function isRunning(name: string): boolean {
    return hostProcesses(machineCgroups(), name).length > 0;
}

async function bootIfDown(
    host: LabHost,
    image: HostImage,
    traits: readonly string[],
): Promise<{ started: boolean; outdated: boolean }> {
    const folders = hostFolders(host.name);
    await createHostFolders(folders);
    await requireTraits(host, folders, traits);
    const outdated = await mountHost(folders, image.lower);
    if (isRunning(host.name)) return { started: false, outdated };
    if (!existsSync(folders.prepared)) await prepare(host, folders, image, traits);
    await removeHostPort(host.name);
    await launch(host, folders);
    return { started: true, outdated };
}

/** A host gets its traits when it is made. */
async function requireTraits(host: LabHost, folders: HostFolders, traits: readonly string[]): Promise<void> {
    const has = await readFile(folders.prepared, "utf8").catch(() => undefined);
    if (has === undefined || traits.length === 0 || has === traits.join(",")) return;
    const wanted = traits.join(",");
    throw new LabError(
        `${host.name} was made with ${has ? `traits ${has}` : "no traits"}; make it anew: npm run lab -- reset ${host.name} --traits ${wanted}`,
    );
}

async function prepare(
    host: LabHost,
    folders: HostFolders,
    image: HostImage,
    traits: readonly string[],
): Promise<void> {
    const isNode = host.role === "controlPlane" || host.role === "worker";
    await copyContainerdStore(isNode ? image.containerdStore : undefined, folders.data.containerd);
    await writeHostFiles(host, folders, traits);
    await writeFile(folders.prepared, traits.join(","));
}

/** Hands the host to a supervisor of its own that outlives this program. */
async function launch(host: LabHost, folders: HostFolders): Promise<void> {
    const layout = machineCgroups();
    await createHostCgroups(layout, host.name);
    const settings: BootSettings = {
        cgroupVersion: layout.version,
        cgroups: hostCgroups(layout, host.name),
        kernelWithConfig: existsSync("/proc/config.gz") ? os.release() : undefined,
    };
    await writeFile(folders.supervisor, renderSupervisor(host, folders, settings));
    await chmod(folders.supervisor, 0o755);
    const log = await open(folders.consoleLog, "a");
    const child = spawn("/bin/sh", [folders.supervisor], {
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
        cwd: "/",
    });
    child.unref();
    await log.close();
}

/** The last lines of a host's console, for errors. */
export async function consoleTail(name: string, lines = 15): Promise<string> {
    const text = await readFile(hostFolders(name).consoleLog, "utf8").catch(() => "(no console log)");
    return text.trimEnd().split("\n").slice(-lines).join("\n");
}
