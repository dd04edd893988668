import { isReachable, type ClusterFacts, type Observation } from "../facts/clusterFacts";
import { problem, type Check } from "./finding";

/** Exactly one load balancer holds the endpoint's address. */
export const virtualAddress: Check = {
    name: "virtual-address",
    title: "one load balancer owns the virtual address",

    findings({ inventory, facts }: Observation) {
        const { kind, address } = inventory.endpoint;
        const owners = ownersOf(facts, address);
        const unknown = Object.keys(facts.balancerAddresses).filter((host) => !isReachable(facts, host));
        if (kind === "external" || owners.length === 1 || (owners.length === 0 && unknown.length > 0)) return [];
        return [
            problem({
                subject: `address ${address}`,
                found: owners.length === 0 ? "no load balancer owns it" : `${owners.join(" and ")} own it at once`,
                expected: "one owner",
                next:
                    owners.length === 0
                        ? "read `journalctl -u keepalived` on the load balancers"
                        : "let VRRP (protocol 112) through between the load balancers",
            }),
        ];
    },
};

/** Load-balancer hosts that have the address on an interface. */
export function ownersOf(facts: ClusterFacts, address: string): string[] {
    return Object.entries(facts.balancerAddresses).flatMap(([host, answer]) =>
        answer.answered && answer.value.includes(address) ? [host] : [],
    );
}
