import type { ClusterInventory } from "../../model/inventory";
import { inventoryHosts } from "../../model/inventory";

/** The ways of rebooting, in the order in which each round goes them. */
export const wayNames = ["a", "b", "c", "d"] as const;
export type WayName = (typeof wayNames)[number];

/** One thing that a loop written by hand does with a host. */
export type HandStep =
    /** The host's ingress servers to maint on every balancer. */
    | "leave-ingress"
    | "drain"
    /** The order to reboot; nobody waits for it. */
    | "reboot"
    /** 30 s, whatever the host does meanwhile. */
    | "fixed-wait"
    /** Until the host has booted and its node says Ready. */
    | "await-node"
    | "uncordon"
    | "enter-ingress"
    /** Before the next host; not after the last. */
    | "pause";

/** How one way goes about it. */
export interface Way {
    readonly title: string;
    /** `plain`: five pods with neither a budget nor a preStop hook. `web`: the lab's, with both. */
    readonly application: "plain" | "web";
    /** What is done with each node in turn; undefined for quorate, which has its own plan and all hosts. */
    readonly steps: readonly HandStep[] | undefined;
}

const ARTICLE = ["drain", "reboot", "fixed-wait", "uncordon"] as const;

/**
 * The ways side by side: (a) the loop of the article about rebooting such clusters, (b) the same with balancer control, (c)
 * an application that can be drained, and a loop that waits for nodes but not for endpoints, (d) quorate.
 */
export const WAYS: Readonly<Record<WayName, Way>> = {
    a: { title: "the article's loop", application: "plain", steps: [...ARTICLE, "pause"] },
    b: {
        title: "(a) with balancer control",
        application: "plain",
        steps: ["leave-ingress", ...ARTICLE, "enter-ingress", "pause"],
    },
    c: {
        title: "kubectl drain, PDB and preStop",
        application: "web",
        steps: ["drain", "reboot", "await-node", "uncordon"],
    },
    d: { title: "quorate reboot", application: "web", steps: undefined },
};

/** Hosts that a loop by hand reboots, one after the other: workers, then control planes; balancers are left out. */
export function handHosts(inventory: ClusterInventory): string[] {
    const roles = ["worker", "control-plane"] as const;
    return roles.flatMap((role) => inventoryHosts(inventory, role).map(({ name }) => name));
}

/** What each host goes through, as plain data. The pause keeps hosts apart, so the last one has none. */
export function handPlan(
    steps: readonly HandStep[],
    hosts: readonly string[],
): { readonly host: string; readonly steps: readonly HandStep[] }[] {
    return hosts.map((host, index) => ({
        host,
        steps: steps.filter((step) => step !== "pause" || index < hosts.length - 1),
    }));
}
