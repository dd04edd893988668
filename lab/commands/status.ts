import Table from "cli-table3";
import { clusterStatus, hasCluster } from "../cluster/quorate";
import { exitCode } from "../errors";
import { type HostStatus, hostStatuses } from "../hosts/status";
import { defaultHostNames } from "../topology";

/** `npm run lab -- status`: machines and cluster. @returns 4 when a default host does not answer or the cluster is unwell */
export async function status(): Promise<number> {
    const hosts = await hostStatuses();
    process.stdout.write(`${renderHosts(hosts)}\n`);
    const dead = hosts.filter(({ name, answers }) => defaultHostNames.includes(name) && !answers);
    const cluster = hasCluster() ? await clusterStatus() : exitCode.ok;
    return dead.length === 0 ? cluster : exitCode.unhealthy;
}

/** The table of hosts; spare hosts that were never started are left out. */
export function renderHosts(hosts: readonly HostStatus[]): string {
    const table = new Table({
        head: ["host", "address", "role", "power", "SSH", "memory", "disk"],
        style: { head: [], border: [], compact: true },
    });
    for (const host of hosts.filter(({ exists, spare }) => exists || !spare)) {
        const power = host.running ? "on" : host.exists ? "off" : "not made";
        const memory = host.running ? mebibytes(host.memoryBytes) : "";
        const ssh = host.answers ? "answers" : "no answer";
        table.push([
            host.name,
            host.address,
            host.role,
            power,
            ssh,
            memory,
            host.exists ? mebibytes(host.diskBytes) : "",
        ]);
    }
    return table.toString();
}

function mebibytes(bytes: number): string {
    return `${Math.round(bytes / 1024 ** 2)} MiB`;
}
