import { z } from "zod";
import { Duration } from "../../model/duration";
import { parseServers, type BalancerServer } from "./haproxyOutput";
import { shellQuote } from "../../steps/shellQuote";
import { execOk, type Remote, type RemoteHost } from "./remote";

/** One HAProxy and the socket on its host that answers questions about it. */
export interface Balancer {
    readonly host: RemoteHost;
    readonly adminSocket: string;
}

/** Load-balancer hosts as they run now. */
export interface LoadBalancers {
    servers(balancer: Balancer): Promise<BalancerServer[]>;
    /** IPv4 addresses on the host's interfaces, so that the owner of the virtual address is known. */
    addresses(host: RemoteHost): Promise<string[]>;
}

const TIMEOUT = Duration.seconds(5);

const interfacesSchema = z.array(
    z.object({
        ifname: z.string().default(""),
        addr_info: z.array(z.object({ family: z.string(), local: z.string().optional() })).default([]),
    }),
);

/** HAProxy's runtime socket and `ip` on the hosts, over SSH. */
export function openLoadBalancers(remote: Remote): LoadBalancers {
    const runtime = ({ host, adminSocket }: Balancer, command: string) =>
        execOk(remote, host, `socat -t 3 - ${shellQuote(`UNIX-CONNECT:${adminSocket}`)}`, {
            stdin: `${command}\n`,
            timeout: TIMEOUT,
            what: `HAProxy "${command}"`,
        });
    return {
        async servers(balancer) {
            const [state, stat] = await Promise.all([
                runtime(balancer, "show servers state"),
                runtime(balancer, "show stat"),
            ]);
            return parseServers(state, stat);
        },
        addresses: async (host) =>
            parseAddresses(await execOk(remote, host, "ip -j -4 addr show", { timeout: TIMEOUT })),
    };
}

/** Reads `ip -j -4 addr show`; on the loopback interface an address serves nobody new. @throws Error when it is not that */
export function parseAddresses(text: string): string[] {
    const reachable = readInterfaces(text).filter(({ ifname }) => ifname !== "lo");
    return reachable.flatMap(({ addr_info }) =>
        addr_info.flatMap(({ family, local }) => (family === "inet" && local !== undefined ? [local] : [])),
    );
}

function readInterfaces(text: string): z.output<typeof interfacesSchema> {
    try {
        return interfacesSchema.parse(JSON.parse(text));
    } catch {
        throw new Error(`"ip -j addr" answered ${JSON.stringify(text.slice(0, 200))}; expected a list of interfaces`);
    }
}
