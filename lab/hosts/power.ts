import { readFile } from "node:fs/promises";
import type { HostImage } from "../image/hostImage";
import { removeHostPort, unplug } from "../network/bridge";
import { kill } from "../processes";
import { findHost } from "../topology";
import { until } from "../wait";
import { bootHosts } from "./boot";
import { hostProcesses, labProcesses, machineCgroups } from "./cgroups";
import { hostFolders } from "./folders";

const killDeadline = 20_000;

/**
 * Takes a host's power: its cable goes dead first, then everything in it is killed. In this order no peer gets a FIN or
 * RST from the dying processes, as with a machine whose plug is pulled. The host keeps its files.
 */
export async function powerOff(name: string): Promise<void> {
    const { name: host } = findHost(name);
    await unplug(host);
    await killSupervisor(host);
    await killAll(host, () => hostProcesses(machineCgroups(), host));
    await removeHostPort(host);
}

/** Gives a host its power back and returns when it answers SSH. */
export async function powerOn(name: string, image: HostImage, traits: readonly string[] = []): Promise<void> {
    await bootHosts([name], image, traits);
}

/** Kills every process of every host of this lab, supervisors first. */
export async function killAllHosts(): Promise<void> {
    await killAll("the lab's hosts", () => labProcesses(machineCgroups()));
}

async function killSupervisor(host: string): Promise<void> {
    const folders = hostFolders(host);
    const pid = Number(await readFile(folders.supervisorPid, "utf8").catch(() => ""));
    const commandLine = pid ? await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "") : "";
    if (commandLine.includes(folders.supervisor)) kill(pid);
}

async function killAll(what: string, list: () => number[]): Promise<void> {
    await until({
        what: `the processes of ${what} to be gone`,
        deadlineMs: killDeadline,
        intervalMs: 50,
        observe: () => {
            const processes = list();
            processes.forEach(kill);
            return processes;
        },
        satisfied: (processes) => processes.length === 0,
        describe: (processes) => `still there: ${processes.slice(0, 10).join(" ")}`,
    });
}
