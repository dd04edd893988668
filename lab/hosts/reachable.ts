import net from "node:net";
import { LabError } from "../errors";
import type { LabHost } from "../topology";
import { until } from "../wait";

const bootDeadline = 120_000;

/** Returns when the host's SSH server greets. @throws LabError after two minutes */
export async function awaitSsh(host: LabHost): Promise<void> {
    await until({
        what: `${host.name} (${host.address}) to answer SSH`,
        deadlineMs: bootDeadline,
        observe: () => sshGreeting(host.address, 1_000),
        satisfied: ({ greeting }) => greeting !== undefined,
        describe: ({ problem }) => `${problem}; see: npm run lab -- console ${host.name}`,
    });
}

/** What an SSH server says first, or why there was nothing. */
export interface Greeting {
    readonly greeting?: string;
    readonly problem?: string;
}

/** Dials port 22 and reads the server's version line. Never throws. */
export function sshGreeting(address: string, timeoutMs: number): Promise<Greeting> {
    return new Promise((resolve) => {
        const socket = net.connect({ host: address, port: 22 });
        const end = (result: Greeting): void => {
            clearTimeout(timer);
            socket.destroy();
            resolve(result);
        };
        const timer = setTimeout(() => end({ problem: `no answer within ${timeoutMs} ms` }), timeoutMs);
        socket.on("error", (error) => end({ problem: error.message }));
        socket.once("data", (data) => {
            const line = data.toString("latin1").trim();
            end(line.startsWith("SSH-") ? { greeting: line } : { problem: `unexpected greeting ${line.slice(0, 40)}` });
        });
        socket.on("close", () => end({ problem: "connection closed without a greeting" }));
    });
}

/** Checks that an answer was given to a name the lab knows. @throws LabError when the host does not answer */
export async function requireReachable(host: LabHost): Promise<void> {
    const { problem } = await sshGreeting(host.address, 2_000);
    if (problem)
        throw new LabError(
            `${host.name} does not answer SSH: ${problem}; start it: npm run lab -- power ${host.name} on`,
        );
}
