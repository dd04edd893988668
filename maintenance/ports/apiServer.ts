import { request } from "node:https";
import { checkServerIdentity, type DetailedPeerCertificate, type PeerCertificate, type TLSSocket } from "node:tls";
import type { Duration } from "../../model/duration";

/** One way to an API server. */
export interface ApiServerPath {
    readonly address: string;
    readonly port: number;
    /** Address or name that the certificate must carry; the balancers pass TLS through, so it may differ from `address`. */
    readonly identity: string;
}

/** What came back from `GET /readyz`. */
export interface Readiness {
    readonly status: number;
    /** First line of the answer: `ok`, or what is not. */
    readonly answer: string;
    readonly milliseconds: number;
    /** Empty when the certificate is the cluster's own and carries the identity. */
    readonly certificateProblem: string;
    readonly certificateNotAfter: Date;
}

/** Asks API servers whether they are ready, with no credentials. */
export interface ApiServers {
    /** @throws Error when there is no answer in time */
    readiness(path: ApiServerPath): Promise<Readiness>;
}

/** @param certificateAuthority the cluster's CA in PEM */
export function openApiServers(certificateAuthority: string, timeout: Duration): ApiServers {
    return { readiness: (path) => readiness(path, certificateAuthority, timeout) };
}

/**
 * The certificate is judged after the handshake and not by it, so that a server with an expired or wrong certificate is
 * still seen and named. Nothing secret is sent.
 */
function readiness(path: ApiServerPath, ca: string, timeout: Duration): Promise<Readiness> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
        const asked = request(
            { host: path.address, port: path.port, path: "/readyz", ca, rejectUnauthorized: false, agent: false },
            (response) => {
                const socket = response.socket as TLSSocket;
                const certificate = socket.getPeerCertificate();
                const problem = certificateProblem(socket, certificate, path.identity);
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("end", () => {
                    clearTimeout(timer);
                    resolve({
                        status: response.statusCode ?? 0,
                        answer: Buffer.concat(chunks).toString("utf8").split("\n", 1)[0] ?? "",
                        milliseconds: Math.round(performance.now() - started),
                        certificateProblem: problem,
                        certificateNotAfter: new Date(certificate.valid_to),
                    });
                });
            },
        );
        const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${timeout}`)), timeout.milliseconds);
        asked.on("error", (error) => {
            clearTimeout(timer);
            reject(error);
        });
        asked.end();
    });
}

function certificateProblem(socket: TLSSocket, certificate: PeerCertificate, identity: string): string {
    if (!socket.authorized) return `not trusted by the cluster's CA (${String(socket.authorizationError)})`;
    return checkServerIdentity(identity, certificate as DetailedPeerCertificate)?.message ?? "";
}
