import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestAuthority } from "./testCertificates";

/** Answers by path; a path that is missing hangs, as a stuck server does. */
export type Answers = Readonly<Record<string, { readonly status?: number; readonly body: string | object }>>;

/** A TLS server on loopback that answers like an API server. */
export interface TestApiServer {
    readonly port: number;
    readonly url: string;
    /** Authorization headers seen, in order. */
    readonly authorizations: readonly (string | undefined)[];
    close(): Promise<void>;
}

/** Without the query and without a trailing slash. */
function pathOf(url: string): string {
    return new URL(url, "https://localhost").pathname.replace(/(.)\/$/, "$1");
}

/** Starts it with a certificate of the authority for 127.0.0.1. */
export async function startApiServer(
    authority: TestAuthority,
    answers: Answers,
    notAfter = new Date(Date.now() + 3600_000),
): Promise<TestApiServer> {
    const authorizations: (string | undefined)[] = [];
    const server: Server = createServer(authority.issue("127.0.0.1", notAfter), (request, response) => {
        authorizations.push(request.headers.authorization);
        const answer = answers[pathOf(request.url ?? "")];
        if (answer === undefined) return;
        const isText = typeof answer.body === "string";
        response.writeHead(answer.status ?? 200, { "content-type": isText ? "text/plain" : "application/json" });
        response.end(isText ? answer.body : JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
        port,
        url: `https://127.0.0.1:${port}`,
        authorizations,
        close: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}
