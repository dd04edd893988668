import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Finished } from "../../../lab/process";
import { labNetwork } from "../../../lab/topology";
import type { ClusterLab } from "../clusterLab";

/** Somewhere outside of the cluster, where a proxy should send nothing. */
export const OUTSIDE_PORT = 9999;
export const outside = `http://${labNetwork.gateway}:${OUTSIDE_PORT}`;

/** What an author of Ingresses may try, by what it would do: annotations of Skipper's. */
export const TRIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "serve the proxy's files": { "zalando.org/skipper-filter": 'static("/", "/etc")' },
    "run code in the proxy": {
        "zalando.org/skipper-filter":
            "lua(\"function request(ctx, params) ctx.serve({status_code=200, body='taken over'}) end\")",
    },
    "copy requests to somebody else": { "zalando.org/skipper-filter": `tee("${outside}")` },
    "send requests to an address inside": {
        "zalando.org/skipper-filter": 'setDynamicBackendUrl("http://127.0.0.1:9911")',
    },
    "ask somebody else for leave": {
        "zalando.org/skipper-filter": `webhook("${outside}")`,
    },
    "bring routes of its own": {
        "zalando.org/skipper-routes": 'all: * -> static("/", "/etc") -> <shunt>',
    },
};

/** Makes an Ingress of the reference application with these annotations under a name that stands for its host, too. */
export function apply(lab: ClusterLab, name: string, annotations: Readonly<Record<string, string>>): Promise<Finished> {
    const file = path.join(lab.state, `${name}.json`);
    const backend = { service: { name: "web", port: { name: "http" } } };
    const rules = [{ host: hostOf(name), http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }];
    const metadata = { name, namespace: "default", annotations };
    writeFileSync(
        file,
        JSON.stringify({ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata, spec: { rules } }),
    );
    return lab.program("kubectl", "apply", "-f", file);
}

/** What is answered to a request for a path at that Ingress's host: status, then the body. */
export async function ask(lab: ClusterLab, name: string, pathname: string): Promise<string> {
    const url = `http://${labNetwork.virtualAddress}${pathname}`;
    const shown = ["-sS", "--max-time", "5", "-w", "\\n%{http_code}", "-H", `Host: ${hostOf(name)}`];
    const { stdout, stderr } = await lab.inNamespace(["curl", ...shown, url]);
    const lines = (stdout + stderr).split("\n");
    return [lines.at(-1), ...lines.slice(0, -1)].join("\n");
}

function hostOf(name: string): string {
    return `${name}.lab.test`;
}
