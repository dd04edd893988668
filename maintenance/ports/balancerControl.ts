import type { ClusterInventory, InventoryHost, InventoryLoadBalancer } from "../../model/inventory";
import { Duration } from "../../model/duration";
import type { BalancerControl, BalancerView, ServerAdminState, ServerView } from "../actions/reboot/rebootPorts";
import { errorLine } from "../workflow/errorLine";
import { parseServers } from "./haproxyOutput";
import { inventoryHost } from "./inventoryHost";
import { endQuietly } from "./quietConnections";
import { shellQuote } from "../../steps/shellQuote";
import { execOk, RemoteError, type Remote } from "./remote";

const TIMEOUT = Duration.seconds(5);
/** For API connections to have a moment without a request under way. */
const QUIET_SECONDS = 15;
/** Until they have ended, or are counted. */
export const END_API_CONNECTIONS_DEADLINE = Duration.seconds(QUIET_SECONDS).plus(TIMEOUT);
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
    const setState = async (wanted: Servers, state: ServerAdminState): Promise<void> => {
        await Promise.all(
            balancers.map(async (balancer) => {
                const commands = serverNames(balancer, wanted).map((server) => `set server ${server} state ${state}`);
                if (commands.length === 0) return;
                assertTaken(balancer.host, wanted, state, await servers(balancer, commands));
            }),
        );
    };
    return {
        observe: () => Promise.all(balancers.map((balancer) => view(balancer.host, servers(balancer)))),
        async ingressServers(host) {
            const all = await Promise.all(balancers.map((balancer) => servers(balancer)));
            return all.flat().filter((server) => isOneOf({ purpose: "ingress", host }, server));
        },
        setIngress: (host, state) => setState({ purpose: "ingress", host }, state),
        setApi: (host, state) => setState({ purpose: "api", host }, state),
        async endApiConnections(host) {
            const left = await Promise.all(balancers.map((balancer) => endApiConnections(remote, balancer, host)));
            return left.reduce((sum, count) => sum + count, 0);
        },
    };
}

/** Servers of one host in the backends of one purpose. */
interface Servers {
    readonly purpose: ServerView["purpose"];
    readonly host: string;
}

/** @returns how many are left */
async function endApiConnections(remote: Remote, balancer: Balancer, host: string): Promise<number> {
    const { adminSocket, frontends, backends } = balancer;
    const scripts = backends
        .filter(({ purpose, servers }) => purpose === "api" && servers.some(({ name }) => name === host))
        .flatMap(({ name }) => {
            const ports = frontends.filter(({ backend }) => backend === name).map(({ port }) => `sport = :${port}`);
            const sockets = `( ${ports.join(" or ")} )`;
            const sessions = `be=${name} srv=${host} `;
            return `${endQuietly({ adminSocket, sockets, sessions, seconds: QUIET_SECONDS })}\necho "$left"`;
        });
    const what = `ending the API connections to ${host}`;
    const timeout = END_API_CONNECTIONS_DEADLINE;
    const counts = await execOk(remote, balancer.on, scripts.join("\n"), { timeout, what });
    return counts.split("\n").reduce((sum, count) => sum + Number(count), 0);
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
function serverNames({ backends }: Balancer, { purpose, host }: Servers): string[] {
    return backends
        .filter((backend) => backend.purpose === purpose)
        .flatMap(({ name, servers }) => servers.filter((server) => server.name === host).map(() => `${name}/${host}`));
}

function isOneOf({ purpose, host }: Servers, server: ServerView): boolean {
    return server.purpose === purpose && server.host === host;
}

function assertTaken(balancer: string, wanted: Servers, state: ServerAdminState, servers: readonly ServerView[]): void {
    const others = servers.filter((server) => isOneOf(wanted, server) && server.administrative !== state);
    if (others.length === 0) return;
    const found = others.map(({ backend, host, administrative }) => `${backend}/${host} ${administrative}`).join(", ");
    throw new RemoteError(
        balancer,
        `HAProxy shows ${found} after they were set to ${state}; expected ${state}; look who else sets them`,
    );
}
