import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { finish } from "../process";
import { type LabHost, labHosts } from "../topology";
import { isRunning } from "./boot";
import { hostCgroups, machineCgroups } from "./cgroups";
import { hostFolders } from "./folders";
import { sshGreeting } from "./reachable";

/** One host as it is right now. */
export interface HostStatus extends LabHost {
    readonly exists: boolean;
    readonly running: boolean;
    /** Whether its SSH server greets. */
    readonly answers: boolean;
    /** Memory of its processes, without page cache. */
    readonly memoryBytes: number;
    /** Disk of its own: what it shares with the image and with other hosts is not counted. */
    readonly diskBytes: number;
}

/** Every host the lab knows, looked at in parallel. */
export async function hostStatuses(): Promise<HostStatus[]> {
    return Promise.all(labHosts.map(hostStatus));
}

async function hostStatus(host: LabHost): Promise<HostStatus> {
    const exists = existsSync(hostFolders(host.name).prepared);
    const running = isRunning(host.name);
    const [answers, memoryBytes, diskBytes] = await Promise.all([
        running && sshGreeting(host.address, 2_000).then(({ greeting }) => greeting !== undefined),
        running ? memoryOf(host.name) : 0,
        exists ? diskOf(host.name) : 0,
    ]);
    return { ...host, exists, running, answers, memoryBytes, diskBytes };
}

async function memoryOf(name: string): Promise<number> {
    for (const group of hostCgroups(machineCgroups(), name)) {
        const statistics = await readFile(path.join(group, "memory.stat"), "utf8").catch(() => "");
        const bytes = anonymousMemory(statistics);
        if (bytes !== undefined) return bytes;
    }
    return 0;
}

/** Bytes of process memory in a memory.stat text of either cgroup version. */
export function anonymousMemory(statistics: string): number | undefined {
    const value = /^(?:total_rss|anon) (\d+)$/m.exec(statistics)?.[1];
    return value === undefined ? undefined : Number(value);
}

async function diskOf(name: string): Promise<number> {
    const { upper, data } = hostFolders(name);
    const own = ["-xdev", "-type", "f", "-links", "1", "-printf", "%b\n"];
    const blocks = await finish("find", [upper, ...Object.values(data), ...own]);
    return blocks.stdout.split("\n").reduce((sum, line) => sum + Number(line) * 512, 0);
}
