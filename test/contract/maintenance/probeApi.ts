import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestAuthority } from "../../fakes/testCertificates";

/** An API server that knows ConfigMaps: made, read, patched, watched and deleted. */
export interface ProbeApi {
    readonly port: number;
    readonly url: string;
    readonly state: ApiState;
    close(): Promise<void>;
}

interface ConfigMap {
    metadata: { name: string; resourceVersion: string };
    data: Record<string, string>;
}

/** What the server knows, and its manners, which can be changed while it runs. */
export class ApiState {
    readonly objects = new Map<string, ConfigMap>();
    readonly watches = new Set<ServerResponse>();
    patches = 0;
    /** Whether watches are told of patches. */
    telling = true;
    /** Status for reads and writes instead of doing them. */
    failing: number | undefined;
    private version = 1;
    private oldest = 0;

    /** Ends every watch, and forgets the versions before, so that the next one must begin anew. */
    compact(): void {
        this.version += 1;
        this.oldest = this.version;
        this.watches.forEach((response) => response.destroy());
    }

    make(object: ConfigMap): ConfigMap {
        const made = { metadata: { ...object.metadata, resourceVersion: String(this.version) }, data: {} };
        this.objects.set(made.metadata.name, made);
        return made;
    }

    patch(object: ConfigMap, change: Pick<ConfigMap, "data">): void {
        this.version += 1;
        this.patches += 1;
        Object.assign(object.data, change.data);
        object.metadata.resourceVersion = String(this.version);
        if (this.telling) this.watches.forEach((response) => tell(response, "MODIFIED", object));
    }

    watch(from: string | null, response: ServerResponse): void {
        response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
        if (from !== null && Number(from) < this.oldest) {
            tell(response, "ERROR", { kind: "Status", code: 410, reason: "Expired" });
            response.end();
            return;
        }
        if (from === null) this.objects.forEach((object) => tell(response, "ADDED", object));
        this.watches.add(response);
        response.on("close", () => this.watches.delete(response));
    }
}

function tell(response: ServerResponse, type: string, object: unknown): void {
    response.write(`${JSON.stringify({ type, object })}\n`);
}

function serve(state: ApiState, request: IncomingMessage, response: ServerResponse, body: string): void {
    const url = new URL(request.url ?? "", "https://localhost");
    const name = url.pathname.split("/")[6];
    const say = (status: number, object: unknown) => void response.writeHead(status).end(JSON.stringify(object));
    if (url.pathname === "/readyz") return void response.end("ok");
    if (request.method === "POST") return say(201, state.make(JSON.parse(body) as ConfigMap));
    if (name === undefined) return state.watch(url.searchParams.get("resourceVersion"), response);
    if (request.method === "DELETE") return say(state.objects.delete(name) ? 200 : 404, {});
    const object = state.objects.get(name);
    if (object === undefined) return say(404, { message: `configmaps "${name}" not found` });
    if (state.failing !== undefined) return say(state.failing, { message: "etcdserver: leader changed" });
    if (request.method === "PATCH") state.patch(object, JSON.parse(body) as ConfigMap);
    say(200, object);
}

/** Starts it with a certificate of the authority. */
export async function startProbeApi(authority: TestAuthority): Promise<ProbeApi> {
    const state = new ApiState();
    const credentials = authority.issue("127.0.0.1", new Date(Date.now() + 3600_000));
    const server = createServer(credentials, (request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => serve(state, request, response, Buffer.concat(chunks).toString("utf8")));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
        port,
        url: `https://127.0.0.1:${port}`,
        state,
        close: () =>
            new Promise<void>((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}
