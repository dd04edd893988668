import { inventoryHosts, type ClusterInventory } from "../../model/inventory";
import { errorLine } from "../workflow/errorLine";
import type { Etcd } from "./etcd";
import { hostOfMember } from "./etcdControl";

/**
 * Asks who leads by one command on one control plane, the one that answered last. A member's name is asked for when it
 * leads for the first time. The returned question yields undefined while there is no leader.
 * @throws when no control plane answers
 */
export function openEtcdLeader(etcd: Etcd, inventory: ClusterInventory): () => Promise<string | undefined> {
    const names = new Map<string, string>();
    let order = inventoryHosts(inventory, "control-plane");
    return async () => {
        const failures: string[] = [];
        for (const on of order) {
            try {
                const { leaderId } = await etcd.status(on);
                if (leaderId !== undefined && !names.has(leaderId)) {
                    const members = await etcd.members(on, { consistent: false });
                    members.forEach((member) => names.set(member.id, hostOfMember(inventory, member)));
                }
                order = [on, ...order.filter((other) => other !== on)];
                return leaderId === undefined ? undefined : names.get(leaderId) || `member ${leaderId}`;
            } catch (error) {
                failures.push(errorLine(error));
            }
        }
        throw new Error(`no etcd member answers: ${failures.join("; ")}`);
    };
}
