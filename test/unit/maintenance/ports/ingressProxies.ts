import { execFile } from "node:child_process";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { V1Ingress } from "@kubernetes/client-node";
import type { IngressRoute } from "../../../../maintenance/actions/reboot/rebootPorts";
import type { ApiCaller } from "../../../../maintenance/ports/apiCaller";
import { ingressDoubt, ingressProof } from "../../../../maintenance/ports/ingressProof";
import type { Remote } from "../../../../maintenance/ports/remote";
import type { ClusterInventory } from "../../../../model/inventory";
import { sampleInventory } from "../../../fakes/sampleCluster";

/** Instead of a status: the connection is closed without an answer. */
export const SILENCE = 0;

/** What an ingress proxy says to a request for a host, under a path: a status. */
export type Routes = (host: string, path: string) => number;

/** Two hosts with ingress, cp1 that has been up for long, and cp2 that has just booted; a balancer that asks them. */
export class Proxies {
    readonly asked: string[] = [];
    private readonly servers: Server[] = [];

    /** @param tls whether they end TLS, and know a host by the name in its handshake */
    constructor(
        private readonly routes: { cp1: Routes; cp2: Routes },
        private readonly tls?: { readonly cert: string; readonly key: string },
    ) {}

    async prove(ingresses: readonly V1Ingress[], route?: IngressRoute) {
        const options = { inventory: await this.inventory(), route, api: apiWith(ingresses) };
        return ingressProof(LOCAL_SHELL, options, "cp2");
    }

    async doubt(ingresses: readonly V1Ingress[], route?: IngressRoute, hosts: readonly ("cp1" | "cp2")[] = BOTH) {
        const options = { inventory: await this.inventory(hosts), route, api: apiWith(ingresses) };
        return ingressDoubt(LOCAL_SHELL, options);
    }

    async inventory(hosts: readonly ("cp1" | "cp2")[] = BOTH): Promise<ClusterInventory> {
        const servers = await Promise.all(
            hosts.map(async (name) => ({ name, address: "127.0.0.1", port: await this.start(name) })),
        );
        const ingress = { name: "ingress", purpose: "ingress", noticesWithinMs: 4000, servers } as const;
        const backends = [{ ...ingress, protocol: this.tls === undefined ? ("http" as const) : ("tcp" as const) }];
        const inventory = sampleInventory();
        return { ...inventory, loadBalancers: inventory.loadBalancers.map((balancer) => ({ ...balancer, backends })) };
    }

    stop(): void {
        for (const server of this.servers) {
            server.close();
            server.closeAllConnections();
        }
    }

    private async start(name: "cp1" | "cp2"): Promise<number> {
        const listener: RequestListener = ({ headers, url = "", socket }, response) => {
            const host = this.tls === undefined ? headers.host : (socket as TLSSocket).servername;
            this.asked.push(`${name} ${url}`);
            const status = this.routes[name](String(host), url);
            if (status === SILENCE) return void socket.destroy();
            response.statusCode = status;
            response.end();
        };
        const server = this.tls === undefined ? createHttpServer(listener) : createHttpsServer(this.tls, listener);
        this.servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return (server.address() as AddressInfo).port;
    }
}

const BOTH = ["cp1", "cp2"] as const;

/** A balancer host that is this one. */
export const LOCAL_SHELL: Remote = {
    exec: (_, command) =>
        new Promise((resolve) => {
            execFile("bash", ["--norc", "-c", command], (error, stdout, stderr) =>
                resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
            );
        }),
    close: () => undefined,
};

/** An API whose only answer is the list of these Ingresses. */
export const apiWith = (items: readonly V1Ingress[]) =>
    ({ call: () => Promise.resolve({ items }) }) as unknown as ApiCaller;
