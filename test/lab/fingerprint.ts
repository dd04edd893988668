import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { hostProcesses, machineCgroups } from "../../lab/hosts/cgroups";
import { finish } from "../../lab/process";
import { until } from "../../lab/wait";
import type { HostsLab } from "./hostsLab";
import { difference } from "./likeness/canonical";

/** Everything that a host holds and runs, a line for each file and process. */
export type Fingerprint = readonly string[];

/** What changes by itself or by a mere login. What lies in /proc, /sys, /run and /tmp is no file of the host's. */
const CHANGING = [
    "/var/log/journal", // every login and every command of sudo is noted
    ...["/var/log/wtmp", "/var/log/btmp", "/var/log/lastlog", "/var/lib/wtmpdb"], // who logged in
    "/var/lib/systemd/timers", // when timers last rang
];

const SETTLED_MS = 15_000;

/**
 * Kind, mode, owner, size, time of change, and contents of every file, and every process with the time of its start. Seen
 * from the machine, for looking from inside would change something. Of the file system only what differs from the image
 * is looked at: the image below is read-only. Files that are shared with other hosts' are known by size and time.
 */
export async function fingerprint(lab: HostsLab, host: string): Promise<Fingerprint> {
    const directory = path.join(lab.state, "hosts", host);
    const folders = [
        ["upper", ""],
        ["containerd", "/var/lib/containerd"],
        ["kubelet", "/var/lib/kubelet"],
        ["etcd", "/var/lib/etcd"],
    ] as const;
    const files = await Promise.all(folders.map(([folder, place]) => filesOf(path.join(directory, folder), place)));
    return [...files.flat(), ...processesOf(lab, host)].sort();
}

/** Asserts that a host holds and runs what it did; what is on its way out may end first. */
export async function assertSame(lab: HostsLab, host: string, before: Fingerprint): Promise<void> {
    const differences = await until({
        what: `${host} to be as before`,
        deadlineMs: SETTLED_MS,
        intervalMs: 1000,
        observe: async () => difference(before, await fingerprint(lab, host)),
        satisfied: (lines) => lines.length === 0,
        describe: (lines) => lines.slice(0, 40).join("\n"),
    });
    assert.deepEqual(differences, []);
}

/** A line for each file below a folder of the machine, which is at `place` on the host. */
async function filesOf(folder: string, place: string): Promise<string[]> {
    const [listed, hashed] = await Promise.all([
        find(folder, ["-printf", "%p\\t%y %m %U:%G %s %T@ %l\\0"]),
        find(folder, ["-type", "f", "-links", "1", "-exec", "sha256sum", "--zero", "{}", "+"]),
    ]);
    const hashes = new Map(hashed.map((line) => [line.slice(66), line.slice(0, 64)]));
    return listed.flatMap((line) => {
        const [file = "", facts = ""] = line.split("\t");
        const name = `${place}${file.slice(folder.length)}`;
        if (CHANGING.some((changing) => name === changing || name.startsWith(`${changing}/`))) return [];
        return [`${name} ${facts} ${hashes.get(file) ?? ""}`];
    });
}

async function find(folder: string, words: readonly string[]): Promise<string[]> {
    const { status, stdout, stderr } = await finish("find", [folder, "-xdev", ...words]);
    assert.equal(status, 0, stderr);
    return stdout.split("\0").filter(Boolean);
}

function processesOf(lab: HostsLab, host: string): string[] {
    return hostProcesses(machineCgroups(), host, lab.state).flatMap((pid) => {
        try {
            const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
            const started = readFileSync(`/proc/${pid}/stat`, "utf8")
                .replace(/^.*\) /, "")
                .split(" ")[19];
            return [`process ${pid}, started ${started}: ${words}`];
        } catch {
            return []; // it ended meanwhile
        }
    });
}
