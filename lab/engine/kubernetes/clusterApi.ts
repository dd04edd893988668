import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { KubernetesObject } from "./kubernetesObject";

/** An answer of the API server that is no success. */
export class ApiError extends Error {
    constructor(
        readonly status: number,
        readonly reason: string,
        message: string,
    ) {
        super(message);
        this.name = "ApiError";
    }
}

/** The API server knows no such kind. */
export class UnknownKindError extends Error {}

/** How a write is made. */
export interface WriteOptions {
    readonly fieldManager: string;
    readonly dryRun: boolean;
    readonly force?: boolean;
}

/** Where objects of a kind are found. */
interface ApiResource {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
}

interface Call {
    readonly method: string;
    readonly path: string;
    readonly body?: unknown;
    readonly contentType?: string;
    readonly signal?: AbortSignal | undefined;
}

const requestTimeout = 30_000;

function groupPath(apiVersion: string): string {
    return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function query(parameters: Record<string, string | undefined>): string {
    const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** The API server as objects in plain JSON: nothing is dropped or converted on the way. */
export class ClusterApi {
    private readonly kinds = new Map<string, Promise<readonly ApiResource[]>>();

    constructor(private readonly kubeconfig: KubeConfig) {}

    /** Fails with the reason when the API server does not answer. */
    async version(): Promise<string> {
        return ((await this.call({ method: "GET", path: "/version" })) as { gitVersion: string }).gitVersion;
    }

    /** True when objects of this kind live in namespaces. @throws UnknownKindError */
    async isNamespaced(object: Pick<KubernetesObject, "apiVersion" | "kind">): Promise<boolean> {
        return (await this.resource(object)).namespaced;
    }

    /** Forgets the kinds, so that new custom ones are found. */
    forgetKinds(): void {
        this.kinds.clear();
    }

    async read(object: KubernetesObject, signal?: AbortSignal): Promise<KubernetesObject> {
        return this.objectCall({ method: "GET", path: await this.path(object, true), signal });
    }

    async create(object: KubernetesObject, { fieldManager, dryRun }: WriteOptions): Promise<KubernetesObject> {
        const parameters = query({ fieldManager, dryRun: dryRun ? "All" : undefined });
        return this.objectCall({
            method: "POST",
            path: `${await this.path(object, false)}${parameters}`,
            body: object,
        });
    }

    /** Server-side apply: the API server merges, and remembers which fields are ours. */
    async apply(object: KubernetesObject, options: WriteOptions): Promise<KubernetesObject> {
        const { fieldManager, dryRun, force } = options;
        const parameters = query({ fieldManager, force: String(force ?? false), dryRun: dryRun ? "All" : undefined });
        return this.objectCall({
            method: "PATCH",
            path: `${await this.path(object, true)}${parameters}`,
            body: object,
            contentType: "application/apply-patch+yaml",
        });
    }

    /** Replaces parts of an object by a JSON patch. */
    async patch(object: KubernetesObject, operations: readonly object[]): Promise<KubernetesObject> {
        const path = await this.path(object, true);
        return this.objectCall({ method: "PATCH", path, body: operations, contentType: "application/json-patch+json" });
    }

    async delete(object: KubernetesObject, propagationPolicy: string): Promise<void> {
        await this.call({ method: "DELETE", path: await this.path(object, true), body: { propagationPolicy } });
    }

    async list(
        kind: Pick<KubernetesObject, "apiVersion" | "kind">,
        namespace: string | undefined,
        labelSelector: string,
        signal?: AbortSignal,
    ): Promise<KubernetesObject[]> {
        const metadata = namespace === undefined ? {} : { namespace };
        const path = `${await this.path({ ...kind, metadata }, false)}${query({ labelSelector })}`;
        return ((await this.call({ method: "GET", path, signal })) as { items: KubernetesObject[] }).items;
    }

    private async path(object: KubernetesObject, named: boolean): Promise<string> {
        const { name, namespaced } = await this.resource(object);
        const { namespace, name: own = "" } = object.metadata;
        const scope = namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
        const base = `${groupPath(object.apiVersion)}${scope}/${name}`;
        return named ? `${base}/${encodeURIComponent(own)}` : base;
    }

    private async resource({ apiVersion, kind }: Pick<KubernetesObject, "apiVersion" | "kind">): Promise<ApiResource> {
        const known = this.kinds.get(apiVersion) ?? this.discover(apiVersion);
        this.kinds.set(apiVersion, known);
        known.catch(() => this.kinds.delete(apiVersion));
        const found = (await known).find((resource) => resource.kind === kind && !resource.name.includes("/"));
        if (found !== undefined) return found;
        this.kinds.delete(apiVersion);
        throw new UnknownKindError(
            `the API server has no ${apiVersion}/${kind}; make sure its definition is there first`,
        );
    }

    private async discover(apiVersion: string): Promise<readonly ApiResource[]> {
        try {
            const list = await this.call({ method: "GET", path: groupPath(apiVersion) });
            return (list as { resources: ApiResource[] }).resources;
        } catch (error) {
            if (error instanceof ApiError && error.status === 404) return [];
            throw error;
        }
    }

    private objectCall(call: Call): Promise<KubernetesObject> {
        return this.call(call) as Promise<KubernetesObject>;
    }

    /** One request. @throws ApiError for an answer that is no success, Error when there is none. */
    private async call({ method, path, body, contentType, signal }: Call): Promise<unknown> {
        const server = this.kubeconfig.getCurrentCluster()?.server ?? "";
        const url = new URL(server.replace(/\/$/, "") + path);
        const options = { method, headers: {} as Record<string, string>, timeout: requestTimeout };
        await this.kubeconfig.applyToHTTPSOptions(options);
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers: Record<string, string | number> = { ...options.headers, Accept: "application/json" };
        if (text !== undefined) {
            headers["Content-Type"] = contentType ?? "application/json";
            headers["Content-Length"] = Buffer.byteLength(text);
        }
        const send = url.protocol === "http:" ? httpRequest : httpsRequest;
        return new Promise((resolve, reject) => {
            const unreachable = (error: Error): void => reject(new Error(`${method} ${url.origin}: ${error.message}`));
            const request = send(url, { ...options, headers, ...(signal ? { signal } : {}) }, (response) => {
                const pieces: Buffer[] = [];
                response.on("data", (piece: Buffer) => pieces.push(piece));
                response.on("error", unreachable);
                response.on("end", () => {
                    const answer = Buffer.concat(pieces).toString();
                    const code = response.statusCode ?? 0;
                    return code < 300 ? resolve(JSON.parse(answer || "{}")) : reject(apiError(code, answer));
                });
            });
            request.on("timeout", () => request.destroy(new Error(`no answer within ${requestTimeout / 1000} s`)));
            request.on("error", unreachable);
            request.end(text);
        });
    }
}

function apiError(code: number, answer: string): ApiError {
    try {
        const { reason, message } = JSON.parse(answer) as { reason?: string; message?: string };
        return new ApiError(code, reason ?? "", message ?? answer);
    } catch {
        return new ApiError(code, "", `HTTP ${code}: ${answer}`);
    }
}
