import { Server, ServerCredentials, ServerUnaryCall, sendUnaryData, status } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";

/** A line that a plugin logged. */
export interface LoggedLine {
    readonly urn: string;
    readonly message: string;
    readonly severity: number;
    /** True for lines that are shown while the operation runs only. */
    readonly ephemeral: boolean;
    /** When it arrived, in milliseconds. */
    readonly at: number;
}

/** The part of the engine that plugins talk back to: it records what they log. */
export class FakeEngine {
    readonly lines: LoggedLine[] = [];
    private readonly server = new Server();
    address = "";

    async start(): Promise<void> {
        const refuse = (_: unknown, callback: sendUnaryData<unknown>) => callback({ code: status.UNIMPLEMENTED });
        this.server.addService(EngineService, {
            ...Object.fromEntries(Object.keys(EngineService).map((method) => [method, refuse])),
            log: ({ request }: ServerUnaryCall<LogRequest, Empty>, callback: sendUnaryData<Empty>) => {
                this.lines.push({
                    urn: request.getUrn(),
                    message: request.getMessage(),
                    severity: request.getSeverity(),
                    ephemeral: request.getEphemeral(),
                    at: Date.now(),
                });
                callback(null, new Empty());
            },
        });
        const port = await new Promise<number>((resolve, reject) =>
            this.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
                error ? reject(error) : resolve(bound),
            ),
        );
        this.address = `127.0.0.1:${port}`;
    }

    /** Messages logged for a resource, in order. */
    messages(urn: string): string[] {
        return this.lines.filter((line) => line.urn === urn).map(({ message }) => message);
    }

    stop(): void {
        this.server.forceShutdown();
    }
}
