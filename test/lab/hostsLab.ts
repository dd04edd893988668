import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Finished, finish, run } from "../../lab/process";
import { findHost } from "../../lab/topology";

const checkout = path.resolve(__dirname, "../..");
const cli = ["--require", "ts-node/register/transpile-only", path.join(checkout, "lab/main.ts")];

/** A lab of its own in a network namespace of its own: it disturbs no lab that runs on this machine. */
export class HostsLab {
    private readonly namespace = `quorate-test-${process.pid}`;
    private readonly folder = mkdtempSync(path.join(os.tmpdir(), "quorate-hosts-"));
    readonly state = path.join(this.folder, "state");

    async start(): Promise<void> {
        await run("ip", ["netns", "add", this.namespace]);
        await run("ip", ["-n", this.namespace, "link", "set", "lo", "up"]);
    }

    async stop(): Promise<void> {
        await this.lab("down");
        await run("ip", ["netns", "del", this.namespace]);
        rmSync(this.folder, { recursive: true, force: true });
    }

    /** Runs `npm run lab -- ARGUMENTS` to its end. */
    lab(...args: readonly string[]): Promise<Finished> {
        return this.inNamespace(["node", ...cli, ...args]);
    }

    /** Starts `npm run lab -- ARGUMENTS` with another environment, to be interrupted. */
    startLab(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
        return this.startInNamespace(["node", ...cli, ...args], environment);
    }

    /** Runs a command on a host and returns what it printed, without the last line end. @throws Error when it fails */
    async on(host: string, command: string): Promise<string> {
        const result = await this.lab("ssh", host, command);
        if (result.status !== 0) throw new Error(`${command} on ${host}: status ${result.status}: ${result.stderr}`);
        return result.stdout.trim();
    }

    /** Runs a command over SSH as some user, where needed through another host on which that user has the same name. */
    login(user: string, host: string, command: string, through?: string): Promise<Finished> {
        const place = (name: string) => `${user}@${findHost(name).address}`;
        const ssh = ["ssh", ...this.sshOptions()];
        const hop = `ProxyCommand=${[...ssh, "-W", "%h:%p", place(through ?? host)].join(" ")}`;
        return this.inNamespace([...ssh, ...(through === undefined ? [] : ["-o", hop]), place(host), command]);
    }

    private sshOptions(): string[] {
        const keys = path.join(this.state, "keys");
        const files = ["-F", "none", "-i", path.join(keys, "id_ed25519")];
        return [...files, "-o", `UserKnownHostsFile=${path.join(keys, "known_hosts")}`, "-o", "BatchMode=yes"];
    }

    /** Runs a command of the machine in the lab's network. */
    inNamespace(words: readonly string[]): Promise<Finished> {
        const environment = { QUORATE_LAB_STATE: this.state };
        return finish("nsenter", [`--net=/run/netns/${this.namespace}`, ...words], { env: environment, cwd: checkout });
    }

    /** A connection to a host's SSH server, watched by a process in the lab's network. */
    watchConnection(address: string): WatchedConnection {
        return new WatchedConnection(this.startInNamespace(["node", "-e", watcher(address)]));
    }

    protected startInNamespace(words: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
        const env = { ...process.env, QUORATE_LAB_STATE: this.state, ...environment };
        return spawn("nsenter", [`--net=/run/netns/${this.namespace}`, ...words], { env, cwd: checkout });
    }
}

/** What becomes of one TCP connection: `open` once the server greeted, `closed` when its end is told to us. */
export class WatchedConnection {
    seen = "";

    constructor(private readonly child: ChildProcess) {
        child.stdout?.on("data", (data: Buffer) => (this.seen += data.toString()));
    }

    stop(): void {
        this.child.kill("SIGKILL");
    }
}

function watcher(address: string): string {
    return `
const socket = require("node:net").connect(22, ${JSON.stringify(address)});
socket.once("data", () => console.log("open"));
socket.on("error", () => undefined);
socket.on("close", () => console.log("closed"));
`;
}
