import type { ClusterInventory } from "../../../model/inventory";
import { sampleInventory } from "../../fakes/sampleCluster";
import type { TestAuthority } from "../../fakes/testCertificates";

/** The sample cluster with one load balancer, whose only servers listen on loopback. */
export function loopbackInventory({ web, api }: { readonly web: number; readonly api: number }): ClusterInventory {
    const inventory = sampleInventory();
    const port = (purpose: "api" | "ingress") => (purpose === "api" ? api : web);
    return {
        ...inventory,
        loadBalancers: inventory.loadBalancers.slice(0, 1).map((balancer) => ({
            ...balancer,
            frontends: balancer.frontends.map((frontend) => ({
                ...frontend,
                port: frontend.name === "k8s-api" ? api : web,
            })),
            backends: balancer.backends.map((backend) => ({
                ...backend,
                servers: [{ name: "cp1", address: "127.0.0.1", port: port(backend.purpose) }],
            })),
        })),
    };
}

/** A kubeconfig with a token for a server on loopback. */
export function loopbackKubeconfig(url: string, authority: TestAuthority): string {
    const ca = Buffer.from(authority.pem).toString("base64");
    return JSON.stringify({
        clusters: [{ name: "c", cluster: { server: url, "certificate-authority-data": ca } }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        users: [{ name: "u", user: { token: "t0ken" } }],
        "current-context": "x",
    });
}
