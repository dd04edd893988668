import { fstatSync } from "node:fs";
import { Server, ServerCredentials } from "@grpc/grpc-js";

/** What a plugin process serves and how it ends. */
export interface PluginServer {
    /** Adds the plugin's gRPC services. */
    readonly register: (server: Server) => void;
    /** Called once when the engine interrupts the plugin or is gone; the process exits right after. */
    readonly stop: () => void;
}

/** The engine's address among a plugin's arguments: the last one that is no option. Undefined when absent. */
export function engineAddress(args: readonly string[]): string | undefined {
    return args.filter((argument) => /^\S+:\d+$/.test(argument) && !argument.startsWith("-")).at(-1);
}

/** The engine holds the other end of standard input; the kernel closes it even when the engine is killed. */
function onEngineGone(gone: () => void): void {
    if (!fstatSync(0).isFIFO() && !fstatSync(0).isSocket()) return;
    process.stdin.on("close", gone).on("error", gone).on("end", gone).resume();
}

/**
 * Serves a plugin on a free loopback port and prints the port, as the engine expects. The process ends with SIGINT,
 * SIGTERM or the end of the engine, after `stop`.
 */
export function servePlugin(plugin: PluginServer): void {
    const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
    plugin.register(server);
    let stopping = false;
    const stop = (): void => {
        if (stopping) return;
        stopping = true;
        plugin.stop();
        server.forceShutdown();
        process.exit(0);
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
    onEngineGone(stop);
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
        if (error !== null) {
            process.stderr.write(`cannot listen on loopback: ${error.message}\n`);
            process.exit(1);
        }
        process.stdout.write(`${port}\n`);
    });
}
