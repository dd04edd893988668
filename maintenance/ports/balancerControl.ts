import type { ClusterInventory, InventoryHost, InventoryLoadBalancer } from "../../model/inventory";
import { Duration } from "../../model/duration";
import type { BalancerControl, BalancerView, ServerAdminState, ServerView } from "../actions/reboot/rebootPorts";
import { errorLine } from "../workflow/errorLine";
import { parseServers } from "./haproxyOutput";
import { inventoryHost } from "./inventoryHost";
import { execOk, RemoteError, shellQuote, type Remote } from "./remote";

const TIMEOUT = Duration.seconds(5);
const SHOW = ["show servers state", "show stat"];

interface Balancer extends InventoryLoadBalancer {
    readonly on: InventoryHost;
}

/**
 * HAProxy's runtime socket on every balancer, over SSH. Everything for one balancer goes in one round trip, the reading back
 * included, because `maint` is lost by a reload and each balancer has its own (TRAPS 20).
 */
export function openBalancerControl(remote: Remote, inventory: ClusterInventory): BalancerControl {
    const balancers: Balancer[] = inventory.loadBalancers.map((balancer) => ({
        ...balancer,
        on: inventoryHost(inventory, balancer.host),
    }));
    const servers = async (balancer: Balancer, commands: readonly string[] = []): Promise<ServerView[]> => {
        const answer = await execOk(
            remote,
            balancer.on,
            `socat -t 3 - ${shellQuote(`UNIX-CONNECT:${balancer.adminSocket}`)}`,
            {
                stdin: `${[...commands, ...SHOW].join("; ")}\n`,
                timeout: TIMEOUT,
                what: `HAProxy "${commands.join("; ") || SHOW[0]}"`,
            },
        );
        return parseAnswer(answer, balancer);
    };
    return {
        observe: () => Promise.all(balancers.map((balancer) => view(balancer.host, servers(balancer)))),
        async ingressServers(host) {
            const all = await Promise.all(balancers.map((balancer) => servers(balancer)));
            return all.flat().filter((server) => isIngressOf(host, server));
        },
        async setIngress(host, state) {
            await Promise.all(
                balancers.map(async (balancer) => {
                    const commands = ingressServerNames(balancer, host).map(
                        (server) => `set server ${server} state ${state}`,
                    );
                    if (commands.length === 0) return;
                    const found = await servers(balancer, commands);
                    assertTaken(balancer.host, host, state, found);
                }),
            );
        },
    };
}

/**
 * Splits what HAProxy answers to commands and the two tables, each answer ended by an empty line. Anything before the first
 * table is HAProxy refusing a command.
 * @throws RemoteError with HAProxy's words
 */
export function parseAnswer(answer: string, balancer: InventoryLoadBalancer): ServerView[] {
    const start = answer.search(/^1\n# /m);
    const middle = answer.search(/^# pxname,/m);
    const refusal = answer.slice(0, start === -1 ? undefined : start).trim();
    if (refusal !== "" || start === -1 || middle < start)
        throw new RemoteError(balancer.host, `HAProxy says: ${refusal || "nothing that it should"}`);
    const purposes = new Map(balancer.backends.map(({ name, purpose }) => [name, purpose]));
    return parseServers(answer.slice(start, middle), answer.slice(middle)).flatMap((server) => {
        const purpose = purposes.get(server.backend);
        if (purpose === undefined) return [];
        return [
            {
                balancer: balancer.host,
                purpose,
                backend: server.backend,
                host: server.name,
                administrative: server.administrative,
                up: server.operational === "up",
                sessions: server.sessions,
            },
        ];
    });
}

async function view(balancer: string, servers: Promise<ServerView[]>): Promise<BalancerView> {
    try {
        return { balancer, unreachable: "", servers: await servers };
    } catch (error) {
        return { balancer, unreachable: errorLine(error), servers: [] };
    }
}

/** `backend/server`, as HAProxy addresses it. */
function ingressServerNames({ backends }: Balancer, host: string): string[] {
    return backends
        .filter(({ purpose }) => purpose === "ingress")
        .flatMap(({ name, servers }) => servers.filter((server) => server.name === host).map(() => `${name}/${host}`));
}

function isIngressOf(host: string, server: ServerView): boolean {
    return server.purpose === "ingress" && server.host === host;
}

function assertTaken(balancer: string, host: string, state: ServerAdminState, servers: readonly ServerView[]): void {
    const others = servers.filter((server) => isIngressOf(host, server) && server.administrative !== state);
    if (others.length === 0) return;
    const found = others.map(({ backend, administrative }) => `${backend}/${host} ${administrative}`).join(", ");
    throw new RemoteError(
        balancer,
        `HAProxy shows ${found} after they were set to ${state}; expected ${state}; look who else sets them`,
    );
}
