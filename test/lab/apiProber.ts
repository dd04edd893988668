import { readFileSync } from "node:fs";
import * as https from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { PROBED_OBJECT } from "./probedObject";

/**
 * Reads and writes through the endpoint, run as a process in the lab's network: a request every 100 ms whatever became of
 * the ones before (an open loop, with jitter), each on a connection of its own. Prints one line of JSON for each:
 * `{ start, end, kind, ok, detail }`, times in ms since 1970. Ends after the given number of seconds.
 *
 * Usage: apiProber KUBECONFIG SECONDS
 */
interface Kubeconfig {
    clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
    users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
}

const INTERVAL_MS = 100;
const TIMEOUT_MS = 5_000;
const OBJECT = `/api/v1/namespaces/default/configmaps/${PROBED_OBJECT}`;

const [, , kubeconfigFile = "", seconds = "10"] = process.argv;
const kubeconfig = parse(readFileSync(kubeconfigFile, "utf8")) as Kubeconfig;
const decode = (text = "") => Buffer.from(text, "base64");
const server = kubeconfig.clusters[0]?.cluster.server ?? "";
const credentials = {
    ca: decode(kubeconfig.clusters[0]?.cluster["certificate-authority-data"]),
    cert: decode(kubeconfig.users[0]?.user["client-certificate-data"]),
    key: decode(kubeconfig.users[0]?.user["client-key-data"]),
};

function ask(kind: string, method: string, path: string, type: string, body: string): Promise<void> {
    const start = Date.now();
    return new Promise((resolve) => {
        const done = (ok: boolean, detail: string) => {
            process.stdout.write(`${JSON.stringify({ start, end: Date.now(), kind, ok, detail })}\n`);
            resolve();
        };
        const headers = body === "" ? {} : { "Content-Type": type };
        const request = https.request(`${server}${path}`, {
            ...credentials,
            method,
            headers,
            agent: false,
            timeout: TIMEOUT_MS,
        });
        request.on("timeout", () => request.destroy(new Error("timed out")));
        request.on("error", (error) => done(false, error.message));
        request.on("response", (response) => {
            response.resume();
            response.on("end", () => done((response.statusCode ?? 500) < 300, String(response.statusCode)));
        });
        request.end(body);
    });
}

async function main(): Promise<void> {
    const end = Date.now() + Number(seconds) * 1000;
    const open: Promise<void>[] = [];
    for (let count = 0; Date.now() < end; count += 1) {
        const patch = JSON.stringify({ data: { count: String(count) } });
        open.push(
            count % 2 === 0
                ? ask("read", "GET", OBJECT, "", "")
                : ask("write", "PATCH", OBJECT, "application/merge-patch+json", patch),
        );
        await pause(INTERVAL_MS * (0.6 + Math.random() * 0.8));
    }
    await Promise.all(open);
}

void main();
