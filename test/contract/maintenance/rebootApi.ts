import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Duration } from "../../../model/duration";
import { openApiCaller, type ApiCaller } from "../../../maintenance/ports/apiCaller";
import { readKubeconfig } from "../../../maintenance/ports/kubeconfig";
import { testAuthority } from "../../fakes/testCertificates";

/** A request as the server has read it. */
export interface Asked {
    readonly method: string;
    /** Without the query. */
    readonly path: string;
    readonly query: URLSearchParams;
    readonly accept: string | undefined;
    readonly contentType: string | undefined;
    readonly body: Record<string, unknown>;
}

export interface Answer {
    readonly status?: number;
    readonly body: object;
}

/** An API server whose answers are a function of the request, and the requests it had. */
export interface RebootApi {
    readonly api: ApiCaller;
    readonly asked: readonly Asked[];
    close(): Promise<void>;
}

/** What Kubernetes says when it refuses. */
export function refusal(code: number, message: string, causes: readonly object[] = []): Answer {
    return { status: code, body: { kind: "Status", status: "Failure", code, message, details: { causes } } };
}

/** A list of objects. */
export function list(...items: readonly object[]): Answer {
    return { body: { kind: "List", apiVersion: "v1", metadata: {}, items } };
}

const authority = testAuthority();

/** @param deadServersFirst servers that refuse connections, listed before the one that answers */
export async function startRebootApi(answer: (asked: Asked) => Answer, deadServersFirst = 0): Promise<RebootApi> {
    const asked: Asked[] = [];
    const server = createServer(authority.issue("127.0.0.1", new Date(Date.now() + 3_600_000)), (request, response) => {
        void readRequest(request).then((read) => {
            asked.push(read);
            const { status = 200, body } = answer(read);
            response.writeHead(status, { "content-type": "application/json" });
            response.end(JSON.stringify(body));
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const dead = Array.from({ length: deadServersFirst }, () => "https://127.0.0.1:1");
    const access = readKubeconfig({ subject: "test", text: kubeconfig(url) });
    return {
        api: openApiCaller(access, [...dead, url], Duration.seconds(10)),
        asked,
        close: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}

async function readRequest(request: IncomingMessage): Promise<Asked> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? "", "https://localhost");
    const text = Buffer.concat(chunks).toString("utf8");
    return {
        method: request.method ?? "",
        path: pathname,
        query: searchParams,
        accept: request.headers.accept,
        contentType: request.headers["content-type"],
        body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
}

function kubeconfig(server: string): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "test",
        clusters: [
            {
                name: "test",
                cluster: {
                    server,
                    "certificate-authority-data": Buffer.from(authority.pem).toString("base64"),
                },
            },
        ],
        contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
        users: [{ name: "test", user: { token: "t" } }],
    });
}
