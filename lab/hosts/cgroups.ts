import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { stateDirectory } from "../settings";

/** How the machine's control groups are mounted. */
export interface CgroupLayout {
    readonly version: 1 | 2;
    /** Mount points of all hierarchies; one on version 2. */
    readonly hierarchies: readonly string[];
}

/** The layout of this machine. */
export function machineCgroups(): CgroupLayout {
    return parseCgroupLayout(readFileSync("/proc/self/mountinfo", "utf8"));
}

/** Reads the layout from the text of /proc/self/mountinfo. Version 1 as soon as one hierarchy of it is mounted. */
export function parseCgroupLayout(mountinfo: string): CgroupLayout {
    const mounts = mountinfo
        .split("\n")
        .map((line) => line.split(" "))
        .map((fields) => ({ mountPoint: fields[4] ?? "", type: fields[fields.indexOf("-") + 1] ?? "" }))
        .filter(({ mountPoint, type }) => type.startsWith("cgroup") && mountPoint.startsWith("/sys/fs/cgroup"));
    return {
        version: mounts.some(({ type }) => type === "cgroup") ? 1 : 2,
        hierarchies: mounts.map(({ mountPoint }) => mountPoint),
    };
}

/** Name of the control group above those of all hosts; differs per state folder, so that labs never share one. */
export function labCgroup(state = stateDirectory()): string {
    return `quorate-lab-${createHash("sha256").update(state).digest("hex").slice(0, 8)}`;
}

/** The host's own control group in every hierarchy. @param state the lab's state folder */
export function hostCgroups(layout: CgroupLayout, host: string, state = stateDirectory()): string[] {
    return layout.hierarchies.map((hierarchy) => path.join(hierarchy, labCgroup(state), host));
}

/** Makes the host's control groups and hands the machine's processors down to them. */
export async function createHostCgroups(layout: CgroupLayout, host: string): Promise<void> {
    for (const hierarchy of layout.hierarchies) {
        const above = path.join(hierarchy, labCgroup());
        await mkdir(path.join(above, host), { recursive: true });
        await Promise.all([hierarchy, above].map(delegateControllers));
        for (const file of ["cpuset.cpus", "cpuset.mems"]) {
            await copySetting(path.join(hierarchy, file), path.join(above, file));
            await copySetting(path.join(above, file), path.join(above, host, file));
        }
    }
}

/** Processes of the host, its own supervisor among them. @param state the lab's state folder */
export function hostProcesses(layout: CgroupLayout, host: string, state = stateDirectory()): number[] {
    return [...new Set(hostCgroups(layout, host, state).flatMap(processesBelow))];
}

/** Processes of every host of this lab. */
export function labProcesses(layout: CgroupLayout): number[] {
    const groups = layout.hierarchies.map((hierarchy) => path.join(hierarchy, labCgroup()));
    return [...new Set(groups.flatMap(processesBelow))];
}

/** Removes every control group of this lab that holds no process any more. */
export async function removeLabCgroups(layout: CgroupLayout): Promise<void> {
    for (const hierarchy of layout.hierarchies) await removeTree(path.join(hierarchy, labCgroup()));
}

function processesBelow(group: string): number[] {
    return groupsBelow(group).flatMap((folder) => {
        try {
            return readFileSync(path.join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
        } catch {
            return []; // removed between the listing and the reading
        }
    });
}

/** The group and all below it, deepest last. */
function groupsBelow(group: string): string[] {
    try {
        const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
        return [group, ...below.flatMap((entry) => groupsBelow(path.join(group, entry.name)))];
    } catch {
        return [];
    }
}

async function removeTree(group: string): Promise<void> {
    for (const folder of groupsBelow(group).reverse()) await rmdir(folder).catch(() => undefined);
}

/** Version 2 only: lets the groups below use the controllers. Fails harmlessly where a controller is not to be had. */
async function delegateControllers(group: string): Promise<void> {
    const file = path.join(group, "cgroup.subtree_control");
    for (const controller of ["cpu", "cpuset", "io", "memory", "pids"]) {
        await writeFile(file, `+${controller}`, { flag: "r+" }).catch(() => undefined);
    }
}

async function copySetting(from: string, to: string): Promise<void> {
    const value = await readFile(from, "utf8").catch(() => "");
    if (value.trim()) await writeFile(to, value, { flag: "r+" });
}
