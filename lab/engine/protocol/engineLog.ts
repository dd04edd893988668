import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** How urgent a line is. A status line is shown while the operation runs and not kept in the final output. */
export type LogLevel = "status" | "info" | "warning" | "error";

const severities: Readonly<Record<LogLevel, LogSeverity>> = {
    status: LogSeverity.INFO,
    info: LogSeverity.INFO,
    warning: LogSeverity.WARNING,
    error: LogSeverity.ERROR,
};

/** Sends lines about a resource to the engine, in order. */
export interface EngineLog {
    /** Queues a line. Losing the engine is not an error of the operation that logs. */
    log(level: LogLevel, urn: string, message: string): void;
    /** Resolves when everything queued so far has reached the engine. */
    flushed(): Promise<void>;
}

/** A log that sends to the engine at the address, or nowhere when there is none. */
export function engineLog(address: string | undefined): EngineLog {
    if (address === undefined) return { log: () => undefined, flushed: () => Promise.resolve() };
    const client = new EngineClient(address, credentials.createInsecure(), { "grpc.max_send_message_length": -1 });
    let last: Promise<void> = Promise.resolve();
    const send = (request: LogRequest): Promise<void> => new Promise((resolve) => client.log(request, () => resolve()));
    return {
        log(level, urn, message) {
            const request = new LogRequest();
            request.setSeverity(severities[level]);
            request.setUrn(urn);
            request.setMessage(message);
            request.setEphemeral(level === "status");
            last = last.then(() => send(request));
        },
        flushed: () => last,
    };
}
