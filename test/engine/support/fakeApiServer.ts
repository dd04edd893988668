import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isObject } from "../../../lab/engine/protocol/values";

/** An object as the server keeps it. */
export interface StoredObject {
    apiVersion: string;
    kind: string;
    metadata: Record<string, unknown> & { name: string; namespace?: string };
    [member: string]: unknown;
}

/** A write that the server has seen. */
export interface SeenRequest {
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
    readonly body: unknown;
}

const resources: Readonly<Record<string, readonly [name: string, kind: string, namespaced: boolean][]>> = {
    v1: [
        ["namespaces", "Namespace", false],
        ["configmaps", "ConfigMap", true],
        ["secrets", "Secret", true],
        ["services", "Service", true],
        ["pods", "Pod", true],
    ],
    "apps/v1": [
        ["deployments", "Deployment", true],
        ["deployments/status", "Deployment", true],
        ["daemonsets", "DaemonSet", true],
        ["statefulsets", "StatefulSet", true],
    ],
    "batch/v1": [["jobs", "Job", true]],
    "networking.k8s.io/v1": [["ingresses", "Ingress", true]],
    "discovery.k8s.io/v1": [["endpointslices", "EndpointSlice", true]],
    "policy/v1": [["poddisruptionbudgets", "PodDisruptionBudget", true]],
    "rbac.authorization.k8s.io/v1": [["clusterroles", "ClusterRole", false]],
};

class Refusal extends Error {
    constructor(
        readonly code: number,
        readonly reason: string,
        message: string,
    ) {
        super(message);
    }
}

/** As much of an API server as the plugin's contract needs: objects in memory, create, apply, dry run, delete. */
export class FakeApiServer {
    readonly objects = new Map<string, StoredObject>();
    readonly requests: SeenRequest[] = [];
    /** Called after each write that is kept; may change the object, as controllers do. */
    onWrite: (object: StoredObject) => void = () => undefined;
    private revision = 0;
    private readonly server = createServer((request, response) => void this.serve(request, response));

    async start(): Promise<void> {
        await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
        this.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "default" }, status: { phase: "Active" } });
    }

    async stop(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }

    /** A kubeconfig that leads here. */
    get kubeconfig(): string {
        const server = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
        return JSON.stringify({
            apiVersion: "v1",
            kind: "Config",
            "current-context": "fake",
            clusters: [{ name: "fake", cluster: { server, "insecure-skip-tls-verify": true } }],
            users: [{ name: "fake", user: { token: "fake" } }],
            contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
        });
    }

    /** Writes of a method, those of dry runs included. */
    writes(method: string): SeenRequest[] {
        return this.requests.filter((request) => request.method === method);
    }

    /** Keeps an object as if it had always been there. */
    put(object: StoredObject): StoredObject {
        const [name] = this.find(object.apiVersion, ([, kind]) => kind === object.kind);
        const stored = this.stamp(object);
        this.objects.set(
            `${object.apiVersion}/${name}/${object.metadata.namespace ?? ""}/${object.metadata.name}`,
            stored,
        );
        return stored;
    }

    /** The object of this kind and name. */
    get(kind: string, name: string): StoredObject | undefined {
        return [...this.objects.values()].find((object) => object.kind === kind && object.metadata.name === name);
    }

    /** The object of this kind and name. @throws when there is none. */
    existing(kind: string, name: string): StoredObject {
        const found = this.get(kind, name);
        if (found === undefined) throw new Error(`no ${kind} ${name}`);
        return found;
    }

    /** Takes an object away, as its controller does when its finalizers are done. */
    remove(kind: string, name: string): void {
        for (const [key, object] of this.objects) {
            if (object.kind === kind && object.metadata.name === name) this.objects.delete(key);
        }
    }

    private stamp(object: StoredObject): StoredObject {
        this.revision += 1;
        const metadata = { uid: `uid-${this.revision}`, generation: 1, ...object.metadata };
        return { ...object, metadata: { ...metadata, resourceVersion: String(this.revision) } };
    }

    private find(apiVersion: string, wanted: (resource: readonly [string, string, boolean]) => boolean) {
        const found = resources[apiVersion]?.find(wanted);
        if (found === undefined) throw new Refusal(404, "NotFound", "the server could not find the requested resource");
        return found;
    }

    private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const pieces: Buffer[] = [];
        for await (const piece of request) pieces.push(piece as Buffer);
        const url = new URL(request.url ?? "", "http://fake");
        const text = Buffer.concat(pieces).toString();
        const body: unknown = text === "" ? undefined : JSON.parse(text);
        const seen = { method: request.method ?? "", path: url.pathname, query: url.searchParams, body };
        this.requests.push(seen);
        const answer = (code: number, value: unknown): void => {
            response.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify(value));
        };
        try {
            answer(200, this.answer(seen));
        } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            answer(error.code, { kind: "Status", status: "Failure", reason: error.reason, message: error.message });
        }
    }

    private answer(request: SeenRequest): unknown {
        if (request.path === "/version") return { gitVersion: "v1.36.3" };
        const match =
            /^\/(?:api\/(?<core>v1)|apis\/(?<group>[^/]+\/[^/]+))(?:(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<resource>[^/]+)(?:\/(?<name>[^/]+))?)?$/.exec(
                request.path,
            );
        const { core, group, namespace = "", resource, name } = match?.groups ?? {};
        const apiVersion = core ?? group ?? "";
        if (resource === undefined) return this.kinds(apiVersion);
        this.find(apiVersion, ([plural]) => plural === resource);
        const prefix = `${apiVersion}/${resource}/${namespace}/`;
        return name === undefined ? this.collection(request, prefix, namespace) : this.single(request, prefix + name);
    }

    private kinds(apiVersion: string): unknown {
        const known = resources[apiVersion];
        if (known === undefined) throw new Refusal(404, "NotFound", "the server could not find the requested resource");
        return { resources: known.map(([name, kind, namespaced]) => ({ name, kind, namespaced })) };
    }

    private collection({ method, body, query }: SeenRequest, prefix: string, namespace: string): unknown {
        if (method === "GET") {
            const [key = "", value] = (query.get("labelSelector") ?? "").split("=");
            const items = [...this.objects].filter(([path]) => path.startsWith(prefix)).map(([, object]) => object);
            return {
                items: items.filter(({ metadata }) => (metadata["labels"] as Record<string, string>)?.[key] === value),
            };
        }
        const object = body as StoredObject;
        if (namespace !== "" && this.get("Namespace", namespace) === undefined) {
            throw new Refusal(404, "NotFound", `namespaces "${namespace}" not found`);
        }
        if (this.objects.has(prefix + object.metadata.name)) {
            throw new Refusal(409, "AlreadyExists", `${object.kind} "${object.metadata.name}" already exists`);
        }
        const managedFields = [{ manager: query.get("fieldManager"), operation: "Update" }];
        return this.keep(prefix, { ...object, metadata: { ...object.metadata, managedFields } }, query);
    }

    private single(request: SeenRequest, key: string): unknown {
        const { method, query, body } = request;
        const stored = this.objects.get(key);
        const prefix = key.slice(0, key.lastIndexOf("/") + 1);
        if (method === "PATCH" && !Array.isArray(body)) return this.apply(prefix, stored, body as StoredObject, query);
        if (stored === undefined) throw new Refusal(404, "NotFound", `"${key}" not found`);
        if (method === "GET") return stored;
        if (method === "PATCH") return this.jsonPatch(stored, body as { op: string; path: string; value: unknown }[]);
        if (stored.metadata["finalizers"] === undefined) this.objects.delete(key);
        else stored.metadata["deletionTimestamp"] = new Date().toISOString();
        return { kind: "Status", status: "Success" };
    }

    private apply(prefix: string, stored: StoredObject | undefined, applied: StoredObject, query: URLSearchParams) {
        const owner = query.get("fieldManager");
        const managers = (stored?.metadata["managedFields"] ?? []) as { manager: string; operation: string }[];
        const foreign = managers.find(({ manager }) => manager !== owner);
        if (foreign !== undefined && query.get("force") !== "true") {
            throw new Refusal(409, "Conflict", `Apply failed with 1 conflict: conflict with "${foreign.manager}"`);
        }
        const generation = Number(stored?.metadata["generation"] ?? 0) + 1;
        const metadata = { ...stored?.metadata, ...applied.metadata, generation };
        const kept = stored === undefined ? {} : { status: stored["status"] };
        const managedFields = [{ manager: owner, operation: "Apply" }];
        return this.keep(prefix, { ...applied, ...kept, metadata: { ...metadata, managedFields } }, query);
    }

    private jsonPatch(stored: StoredObject, operations: { op: string; path: string; value: unknown }[]): StoredObject {
        for (const { op, path, value } of operations) {
            const steps = path.split("/").slice(1);
            const last = steps.pop() ?? "";
            const holder = steps.reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], stored);
            if (op === "replace") (holder as Record<string, unknown>)[last] = value;
        }
        return stored;
    }

    private keep(prefix: string, object: StoredObject, query: URLSearchParams): StoredObject {
        const stored = this.stamp(object);
        if (isObject(stored["spec"]) && stored.kind === "Deployment") {
            stored["spec"] = { revisionHistoryLimit: 10, ...stored["spec"] };
        }
        if (query.get("dryRun") === "All") return stored;
        this.objects.set(prefix + stored.metadata.name, stored);
        this.onWrite(stored);
        return stored;
    }
}
