import { Duration } from "../../model/duration";
import { inventoryHosts, type ClusterInventory, type InventoryHost } from "../../model/inventory";
import type { EtcdControl, EtcdMemberView, EtcdView } from "../actions/reboot/rebootPorts";
import type { Clock } from "../workflow/clock";
import { errorLine } from "../workflow/errorLine";
import { until } from "../workflow/until";
import type { Etcd } from "./etcd";
import type { EtcdMember } from "./etcdOutput";

/** An election takes one to two and a half seconds; a hand-over far less. */
const LEADER_DEADLINE = Duration.seconds(10);
const POLL = Duration.milliseconds(250);

interface Asked {
    /** Control plane that answered. */
    readonly on: InventoryHost;
    readonly members: readonly EtcdMember[];
}

/** etcd as a whole, asked at any control plane that answers. */
export function openEtcdControl(etcd: Etcd, inventory: ClusterInventory, clock: Clock): EtcdControl {
    const controlPlanes = inventoryHosts(inventory, "control-plane");

    const ask = async (avoid?: string): Promise<Asked> => {
        const failures: string[] = [];
        for (const on of [...controlPlanes].sort((a, b) => Number(a.name === avoid) - Number(b.name === avoid))) {
            try {
                return { on, members: await etcd.members(on, { consistent: true }) };
            } catch (error) {
                failures.push(errorLine(error));
            }
        }
        throw new Error(`no etcd member answers through consensus: ${failures.join("; ")}`);
    };

    const memberView = async (on: InventoryHost, member: EtcdMember): Promise<EtcdMemberView> => ({
        host: hostOfMember(inventory, member),
        id: member.id,
        started: member.started,
        learner: member.learner,
        unhealthy: await whyUnhealthy(etcd, on, member),
    });

    const view = async (avoid?: string): Promise<EtcdView & { readonly on: InventoryHost }> => {
        const { on, members } = await ask(avoid);
        const [views, { leaderId }, alarms] = await Promise.all([
            Promise.all(members.map((member) => memberView(on, member))),
            etcd.status(on),
            etcd.alarms(on),
        ]);
        const nameOf = (id: string) => views.find((member) => member.id === id)?.host || `member ${id}`;
        return {
            on,
            members: views,
            leader: leaderId === undefined ? undefined : nameOf(leaderId),
            alarms: alarms.map(({ memberId, alarm }) => `${nameOf(memberId)}: ${alarm}`),
        };
    };

    return {
        async view() {
            const { members, leader, alarms } = await view();
            return { members, leader, alarms };
        },
        async moveLeaderAway(host) {
            const { on, members, leader } = await view(host);
            if (leader !== host) return;
            const successor = members.find((member) => member.host !== host && isHealthyVoter(member));
            if (successor === undefined) throw new Error(`no healthy voter can take etcd's leadership from ${host}`);
            const clientUrls = (await etcd.members(on, { consistent: true })).flatMap((member) => member.clientUrls);
            await etcd.moveLeader(on, { clientUrls, to: successor.id });
            await until({
                what: `etcd to be led by another member than ${host}`,
                deadline: LEADER_DEADLINE,
                interval: POLL,
                clock,
                observe: () =>
                    view(host).then(
                        ({ leader: now }) => now,
                        () => undefined,
                    ),
                satisfied: (now) => now !== undefined && now !== host,
                describe: (now) => (now === undefined ? "no leader" : `${now} still leads`),
            });
        },
    };
}

/** Host in the inventory at whose address a member is; empty for a member that is on none of them. */
export function hostOfMember(inventory: ClusterInventory, { peerUrls }: EtcdMember): string {
    const at = (address: string) => peerUrls.some((url) => new URL(url).hostname === address);
    return inventoryHosts(inventory, "control-plane").find(({ address }) => at(address))?.name ?? "";
}

function isHealthyVoter({ started, learner, unhealthy }: EtcdMemberView): boolean {
    return started && !learner && unhealthy === "";
}

/** Asks the member itself, at its own address: answers of others prove nothing about it. */
async function whyUnhealthy(etcd: Etcd, on: InventoryHost, { clientUrls: [clientUrl] }: EtcdMember): Promise<string> {
    if (clientUrl === undefined) return "it has no client address";
    try {
        const { healthy, reason } = await etcd.health(on, clientUrl);
        return healthy ? "" : reason || "no linearizable read";
    } catch (error) {
        return errorLine(error);
    }
}
