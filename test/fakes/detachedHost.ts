import {
    BrokenConnectionError,
    UnreachableError,
    type ExecOptions,
    type ExecResult,
    type Remote,
    type RemoteHost,
} from "../../maintenance/ports/remote";
import type { Clock } from "../../maintenance/workflow/clock";

/**
 * What goes wrong with one command that the host is sent. `unreachable`: no connection. `before`: the connection breaks before
 * the command arrives. `during`: while the host waits for the step's end. `answer`: when the step has ended. `shell`: the shell
 * that waits is killed. `reboot`: the host does, while it waits. `away`: no connection for 12 s.
 */
export type Fault = "unreachable" | "before" | "during" | "answer" | "shell" | "reboot" | "away";

export interface DetachedHostOptions {
    readonly clock: Clock;
    /** How long a step takes, in milliseconds. */
    readonly takes?: number;
    /** For the first commands after the question for the boot id, in order. */
    readonly faults?: readonly Fault[];
    /** What the host says instead of following a run, for what a fault cannot make. */
    readonly says?: string;
}

interface Run {
    readonly endsAt: number;
    readonly result: ExecResult;
}

const instantly: Clock = { now: () => new Date(0), monotonic: () => 0, pause: () => Promise.resolve() };
const AWAY_MS = 12_000;

/**
 * A host that runs detached steps as the real one does, as far as the other end of the connection can tell: their scripts go
 * to another remote as plain commands. Everything else goes there too.
 */
export class DetachedHost implements Remote {
    /** Attempts whose scripts were run, in order: one that is there twice was run twice. */
    readonly ran: string[] = [];
    readonly units: string[] = [];
    readonly forgotten: string[] = [];
    private boots = 1;
    private readonly runs = new Map<string, Run>();
    private readonly faults: Fault[];
    private readonly clock: Clock;

    constructor(
        private readonly inner: Remote,
        private readonly options: DetachedHostOptions = { clock: instantly },
    ) {
        this.clock = options.clock;
        this.faults = [...(options.faults ?? [])];
    }

    async exec(host: RemoteHost, command: string, options: ExecOptions = {}): Promise<ExecResult> {
        if (command === "cat /proc/sys/kernel/random/boot_id") return answer(`boot-${this.boots}\n`);
        const asked = parseFollow(command);
        if (asked !== undefined) return this.follow(host, asked);
        const forgotten = /rm -rf "\$steps"\/(\S+);/.exec(command)?.[1];
        if (forgotten === undefined) return this.inner.exec(host, command, options);
        this.forgotten.push(forgotten);
        return answer("");
    }

    close(): void {
        this.inner.close();
    }

    private async follow(host: RemoteHost, asked: Follow): Promise<ExecResult> {
        const fault = this.faults.shift();
        if (fault === "away") await this.clock.pause(AWAY_MS);
        if (fault === "unreachable" || fault === "away")
            throw new UnreachableError(host.name, "no SSH at 10.89.0.21:22");
        if (fault === "before") throw broken(host);
        if (asked.bootId !== `boot-${this.boots}`) return answer("rebooted\n");
        if (this.options.says !== undefined) return answer(this.options.says);
        const run = this.runs.get(asked.attempt) ?? (asked.mayBegin ? await this.begin(host, asked) : undefined);
        if (run === undefined) return answer("not begun\n");
        const left = Math.max(0, run.endsAt - this.clock.now().getTime());
        if (fault === "during" || fault === "reboot" || fault === "shell") {
            await this.clock.pause(Math.floor(left / 2));
            if (fault === "shell") return { code: 137, stdout: "", stderr: "" };
            if (fault === "reboot") this.reboot();
            throw broken(host);
        }
        await this.clock.pause(Math.min(left, asked.waitMs));
        if (fault === "answer") throw broken(host);
        if (left > asked.waitMs) return answer("running\n");
        return { code: 0, stdout: `ended ${run.result.code}\n${run.result.stdout}`, stderr: run.result.stderr };
    }

    private async begin(host: RemoteHost, { attempt, unit, script }: Follow): Promise<Run> {
        this.ran.push(attempt);
        this.units.push(unit);
        const endsAt = this.clock.now().getTime() + (this.options.takes ?? 0);
        const run = { endsAt, result: await this.inner.exec(host, script) };
        this.runs.set(attempt, run);
        return run;
    }

    private reboot(): void {
        this.boots += 1;
        this.runs.clear();
    }
}

interface Follow {
    readonly unit: string;
    readonly attempt: string;
    readonly bootId: string;
    readonly mayBegin: boolean;
    readonly waitMs: number;
    readonly script: string;
}

/** Reads the command back that `followCommand` makes. */
function parseFollow(command: string): Follow | undefined {
    const found = /^# unit .*\nset -- (\S+) (\S+) (\S+) (begin|follow) (\d+) ([^]*?)\nsteps=/.exec(command);
    if (found === null) return undefined;
    const [, unit = "", attempt = "", bootId = "", mode, seconds, quoted = ""] = found;
    const script = quoted.replace(/^'|'$/g, "").replaceAll(`'\\''`, "'");
    return { unit, attempt, bootId, mayBegin: mode === "begin", waitMs: Number(seconds) * 1000, script };
}

function answer(stdout: string): ExecResult {
    return { code: 0, stdout, stderr: "" };
}

function broken(host: RemoteHost): BrokenConnectionError {
    return new BrokenConnectionError(host.name, "the connection broke");
}
