import { Duration } from "../../model/duration";
import type { ClusterInventory } from "../../model/inventory";
import type { IngressRoute, Proof } from "../actions/reboot/rebootPorts";
import { errorLine } from "../workflow/errorLine";
import type { ApiCaller } from "./apiCaller";
import { ingressRoutes } from "./ingressRoutes";
import { ANSWERS, ingressChoiceScript, ingressScript, type IngressTarget } from "./ingressScripts";
import { inventoryHost } from "./inventoryHost";
import { execOk, RemoteError, type Remote } from "./remote";

const TIMEOUT = Duration.seconds(60);
/** No zone has it (RFC 6761), and no Ingress by accident. */
const NOBODY = "nobody.quorate.invalid";

/** What the proof needs beside SSH. */
export interface IngressProofOptions {
    readonly inventory: ClusterInventory;
    readonly route: IngressRoute | undefined;
    readonly api: ApiCaller;
}

/**
 * Asks a balancer host to send real requests to the ingress ports of one host (TRAPS 63). A route of the user's must answer
 * below 400. Without one, a route of some Ingress is asked for, and must answer as it does through another host: one that
 * is answered there otherwise than a name that nobody has. Where none is, the proof passes with a doubt.
 */
export async function ingressProof(remote: Remote, options: IngressProofOptions, host: string): Promise<Proof> {
    const targets = await targetsOf(options, host);
    const output = await askedByBalancer(remote, options, ingressScript(targets), `the ingress of ${host}`);
    const lines = output.split("\n");
    const said = (verdict: string) =>
        lines.filter((line) => line.startsWith(`${verdict} `)).map((line) => line.slice(verdict.length + 1));
    const proven = said("proven");
    const good = [...proven, ...said("alike")];
    if (good.length < targets.length) {
        return { passed: false, seen: said("failed")[0] ?? `no answer of the script for ${host}: ${output.trim()}` };
    }
    const answered = `${good.join(" and ")} answered ${ANSWERS} times in a row`;
    if (proven.length > 0 || targets.length === 0) return { passed: true, seen: answered };
    const doubt = doubtOf(targets);
    return { passed: true, seen: `${answered}, which proves no route: ${doubt}`, doubt };
}

/** Why the proof would pass with a doubt, as the cluster is now; empty when it would not. */
export async function ingressDoubt(remote: Remote, options: IngressProofOptions): Promise<string> {
    const servers = ingressBackends(options.inventory).flatMap((backend) => backend.servers);
    const host = servers.at(-1)?.name;
    if (host === undefined || options.route !== undefined) return "";
    const targets = (await targetsOf(options, host)).filter(({ reference }) => reference !== undefined);
    if (targets.length === 0) return "";
    const script = ingressChoiceScript(targets);
    const output = await askedByBalancer(remote, options, script, "the ingress for a route");
    return output.trim() === "told" ? "" : doubtOf(targets);
}

/** The host's servers in the ingress backends, each with the way to ask it. */
export function ingressTargets(
    inventory: ClusterInventory,
    host: string,
    routes: readonly IngressRoute[],
    isGiven: boolean,
): IngressTarget[] {
    return ingressBackends(inventory).flatMap(({ protocol, servers }) => {
        const own = servers.find((server) => server.name === host);
        if (own === undefined) return [];
        const other = servers.find((server) => server.name !== host);
        const scheme = protocol === "tcp" ? "https" : "http";
        const through = `${own.address}:${own.port}`;
        const asked = routes.length === 0 ? [{ hostHeader: undefined, path: "/" }] : routes;
        return [
            {
                through,
                reference: isGiven || other === undefined ? undefined : `${other.address}:${other.port}`,
                nobody: `${scheme}://${NOBODY}/`,
                urls: asked.map(({ hostHeader, path }) => `${scheme}://${hostHeader ?? through}${path}`),
            },
        ];
    });
}

async function targetsOf({ inventory, route, api }: IngressProofOptions, host: string): Promise<IngressTarget[]> {
    const routes = route === undefined ? await ingressRoutes(api) : [route];
    return ingressTargets(inventory, host, routes, route !== undefined);
}

function ingressBackends({ loadBalancers: [balancer] }: ClusterInventory) {
    return balancer?.backends.filter(({ purpose }) => purpose === "ingress") ?? [];
}

function doubtOf(targets: readonly IngressTarget[]): string {
    const asked = targets.flatMap(({ reference }) => reference ?? []).join(" and ");
    return `a proxy without routes could not be told from one that serves: through ${asked}, no route of an Ingress gets an answer other than 400, 404 or that for a name which nobody has; give --ingress-path, and --ingress-host, of an application that answers below 400`;
}

/** What a script says on the first balancer host that can run it. @throws Error when none can */
async function askedByBalancer(
    remote: Remote,
    { inventory }: IngressProofOptions,
    script: string,
    whom: string,
): Promise<string> {
    const failures: string[] = [];
    for (const balancer of inventory.loadBalancers) {
        try {
            const on = inventoryHost(inventory, balancer.host);
            return await execOk(remote, on, script, { timeout: TIMEOUT, what: `asking ${whom}` });
        } catch (error) {
            if (!(error instanceof RemoteError)) throw error;
            failures.push(errorLine(error));
        }
    }
    throw new Error(`no load balancer can ask ${whom}: ${failures.join("; ")}`);
}
