import { existsSync, readFileSync } from "node:fs";
import { mkdir, statfs } from "node:fs/promises";
import os from "node:os";
import { gunzipSync } from "node:zlib";
import { LabError, exitCode } from "./errors";
import { machineCgroups } from "./hosts/cgroups";
import { finish } from "./process";
import { cacheDirectory, stateDirectory } from "./settings";

/** What the lab needs to know of the machine it runs on. */
export interface MachineFacts {
    readonly platform: string;
    readonly root: boolean;
    readonly cgroupVersion: 1 | 2;
    readonly systemd: boolean;
    readonly apt: boolean;
    readonly processors: number;
    readonly memoryBytes: number;
    /** Free space of the file systems of the cache and of the state. */
    readonly freeBytes: { readonly cache: number; readonly state: number };
    /** Whether the state folder is itself on an overlay, over which the kernel layers no other. */
    readonly stateOnOverlay: boolean;
    /** Whether the cache is filled already, so that little space is needed. */
    readonly cacheFilled: boolean;
    /** Whether processes may lower oom_score_adj; where not, containerd needs restrict_oom_score_adj. */
    readonly sysResource: boolean;
    /** Kernel features by name; undefined when it cannot be told. */
    readonly kernel: Readonly<Record<KernelFeature, boolean | undefined>>;
}

type KernelFeature = "overlay" | "bridge" | "veth" | "nf_tables";

/** One thing to say about the machine. */
export interface MachineFinding {
    /** `refused`: the lab cannot run here. `note`: it can, and this is how. */
    readonly kind: "refused" | "note";
    readonly text: string;
    readonly exitStatus: number;
}

const gibibyte = 1024 ** 3;
const needed = { diskCold: 18 * gibibyte, diskWarm: 3 * gibibyte, memory: 6 * gibibyte };
const sysResourceBit = 24n;

/** Looks at this machine. Never throws for what is missing. */
export async function machineFacts(): Promise<MachineFacts> {
    const linux = process.platform === "linux";
    const root = process.getuid?.() === 0;
    const state = await space(stateDirectory(), root);
    return {
        platform: process.platform,
        root,
        cgroupVersion: linux ? machineCgroups().version : 2,
        systemd: existsSync("/run/systemd/system"),
        apt: existsSync("/usr/bin/apt-get"),
        processors: os.cpus().length,
        memoryBytes: os.totalmem(),
        freeBytes: { cache: (await space(cacheDirectory(), root)).free, state: state.free },
        stateOnOverlay: state.overlay,
        cacheFilled: existsSync(`${cacheDirectory()}/tools`),
        sysResource: linux && hasCapability(readFileSync("/proc/self/status", "utf8"), sysResourceBit),
        kernel: linux && root ? await kernelFeatures() : unknownKernel,
    };
}

/** Judges the facts: what the lab lacks here and what to do, and which way it goes where there are two. */
export function machineFindings(facts: MachineFacts): MachineFinding[] {
    const refused = (text: string, exitStatus: number = exitCode.unhealthy): MachineFinding => {
        return { kind: "refused", text, exitStatus };
    };
    if (facts.platform !== "linux") {
        return [refused(`this is ${facts.platform}; the lab needs Linux: run it in a virtual machine`, exitCode.usage)];
    }
    if (!facts.root) return [refused("not root; the lab makes hosts and networks: run it with sudo", exitCode.usage)];
    const findings: MachineFinding[] = [];
    const free = Math.min(facts.freeBytes.cache, facts.freeBytes.state);
    const disk = facts.cacheFilled ? needed.diskWarm : needed.diskCold;
    if (free < disk)
        findings.push(
            refused(lacking("free disk", free, disk, "set QUORATE_CACHE and QUORATE_LAB_STATE to folders with more")),
        );
    if (facts.memoryBytes < needed.memory) {
        findings.push(refused(lacking("memory", facts.memoryBytes, needed.memory, "use a bigger machine")));
    }
    if (facts.stateOnOverlay) {
        findings.push(
            refused("the state folder is on an overlay file system; set QUORATE_LAB_STATE to a folder on a disk"),
        );
    }
    for (const [feature, present] of Object.entries(facts.kernel)) {
        if (present === false)
            findings.push(refused(`kernel feature ${feature} is missing; load its module: modprobe ${feature}`));
    }
    return [...findings, ...notes(facts)];
}

/** Refuses a machine on which the lab cannot run. @throws LabError with every reason. @returns notes for the person */
export async function requireMachine(): Promise<string[]> {
    const findings = machineFindings(await machineFacts());
    const refusals = findings.filter(({ kind }) => kind === "refused");
    if (refusals[0]) throw new LabError(refusals.map(({ text }) => text).join("\n"), refusals[0].exitStatus);
    return findings.map(({ text }) => text);
}

function notes(facts: MachineFacts): MachineFinding[] {
    const texts: string[] = [];
    const size = `${facts.processors} processors, ${gib(facts.memoryBytes)} memory`;
    const manager = facts.systemd ? "systemd" : "no systemd";
    texts.push(`machine: ${size}, cgroup version ${facts.cgroupVersion}, ${manager}`);
    if (facts.cgroupVersion === 1) texts.push("machine: hosts run systemd in its cgroup version 1 mode");
    else texts.push("machine: hosts run on cgroup version 2, which has been tried less than version 1");
    if (!facts.sysResource) {
        texts.push(
            "machine: no CAP_SYS_RESOURCE, so hosts cannot lower oom_score_adj; containerd is told to accept that",
        );
    }
    return texts.map((text) => ({ kind: "note", text, exitStatus: exitCode.ok }));
}

function lacking(what: string, has: number, needs: number, advice: string): string {
    return `${what}: ${gib(has)}; expected at least ${gib(needs)}; ${advice}`;
}

function gib(bytes: number): string {
    return `${(bytes / gibibyte).toFixed(1)} GiB`;
}

/** Whether the effective capabilities in a /proc/PID/status text hold one. */
export function hasCapability(status: string, bit: bigint): boolean {
    const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0";
    return ((BigInt(`0x${effective}`) >> bit) & 1n) === 1n;
}

const unknownKernel: MachineFacts["kernel"] = {
    overlay: undefined,
    bridge: undefined,
    veth: undefined,
    nf_tables: undefined,
};

/** Tries the features in a network namespace that is thrown away; loads modules where there are any. */
async function kernelFeatures(): Promise<MachineFacts["kernel"]> {
    const works = async (args: readonly string[]): Promise<boolean | undefined> => {
        return (await finish("unshare", ["--net", ...args]).catch(() => undefined))?.status === 0;
    };
    const link = (type: string): Promise<boolean | undefined> => works(["ip", "link", "add", "probe0", "type", type]);
    const hasIp = existsSync("/usr/sbin/ip") || existsSync("/sbin/ip") || existsSync("/usr/bin/ip");
    await finish("modprobe", ["--all", "overlay", "nf_tables", "br_netfilter"]).catch(() => undefined);
    return {
        overlay: /\boverlay$/m.test(readFileSync("/proc/filesystems", "utf8")),
        bridge: hasIp ? await link("bridge") : undefined,
        veth: hasIp ? await link("veth") : undefined,
        nf_tables: existsSync("/proc/config.gz") ? configured("CONFIG_NF_TABLES") : undefined,
    };
}

function configured(option: string): boolean {
    const config = gunzipSync(readFileSync("/proc/config.gz")).toString("utf8");
    return new RegExp(`^${option}=[ym]$`, "m").test(config);
}

const overlayMagic = 0x794c7630;

async function space(directory: string, create: boolean): Promise<{ free: number; overlay: boolean }> {
    if (create) await mkdir(directory, { recursive: true });
    if (!existsSync(directory)) return { free: 0, overlay: false };
    const { bavail, bsize, type } = await statfs(directory);
    return { free: bavail * bsize, overlay: type === overlayMagic };
}
