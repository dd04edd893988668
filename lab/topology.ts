import { LabError, exitCode } from "./errors";

/** What a lab host is for. A bastion belongs to no cluster: others are reached through it. */
export type LabRole = "loadBalancer" | "controlPlane" | "worker" | "bastion";

/** One machine of the lab. */
export interface LabHost {
    readonly name: string;
    readonly address: string;
    readonly role: LabRole;
    /** Spare hosts are only started by name; they are there to be added to and removed from a running cluster. */
    readonly spare: boolean;
}

/** The lab's network: one bridge on this machine that never leaves it. */
export const labNetwork = {
    bridge: "lab0",
    gateway: "10.89.0.1",
    prefixLength: 24,
    cidr: "10.89.0.0/24",
    /** What clients of the cluster dial; moved between the load balancers by keepalived. */
    virtualAddress: "10.89.0.10",
    /** The hosts' own name for their interface. */
    hostInterface: "host0",
} as const;

const member =
    (role: LabRole, spare = false) =>
    (name: string, lastByte: number): LabHost => ({
        name,
        address: `10.89.0.${lastByte}`,
        role,
        spare,
    });
const loadBalancer = member("loadBalancer");
const controlPlane = member("controlPlane");
const worker = member("worker");

/** Every host the lab knows, the eight of the default topology first. */
export const labHosts: readonly LabHost[] = [
    loadBalancer("lb1", 11),
    loadBalancer("lb2", 12),
    controlPlane("cp1", 21),
    controlPlane("cp2", 22),
    controlPlane("cp3", 23),
    worker("w1", 31),
    worker("w2", 32),
    worker("w3", 33),
    member("bastion", true)("bastion", 5),
    member("loadBalancer", true)("lb3", 13),
    member("controlPlane", true)("cp4", 24),
    member("controlPlane", true)("cp5", 25),
    member("worker", true)("w4", 34),
    member("worker", true)("w5", 35),
];

/** Names of the hosts that `npm run lab` starts. */
export const defaultHostNames: readonly string[] = labHosts.filter((host) => !host.spare).map((host) => host.name);

/** The host of that name. @throws LabError naming all hosts there are */
export function findHost(name: string): LabHost {
    const host = labHosts.find((candidate) => candidate.name === name);
    if (host) return host;
    const known = labHosts.map((candidate) => candidate.name).join(", ");
    throw new LabError(`no lab host is named ${name}; expected one of ${known}`, exitCode.usage);
}
