import { type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { until } from "../../../lab/wait";
import type { ClusterLab } from "../clusterLab";

const SAID_MS = 120_000;

/** A program that goes on beside the test. */
export class Beside {
    /** Everything it has printed. */
    said = "";
    /** Its exit status, once it has ended. */
    readonly ended: Promise<number | null>;

    constructor(private readonly child: ChildProcess) {
        for (const stream of [child.stdout, child.stderr]) {
            stream?.on("data", (data: Buffer) => (this.said += data.toString()));
        }
        this.ended = new Promise((resolve) => child.once("close", resolve));
    }

    get pid(): number | undefined {
        return this.child.pid;
    }

    signal(name: NodeJS.Signals): void {
        this.child.kill(name);
    }

    /** Waits until it has printed something that matches. */
    async untilSaid(pattern: RegExp): Promise<RegExpExecArray> {
        const match = await until({
            what: `it to print ${pattern}`,
            deadlineMs: SAID_MS,
            observe: () => pattern.exec(this.said),
            satisfied: (found) => found !== null,
            describe: () => this.said.slice(-1000),
        });
        return match as RegExpExecArray;
    }
}

/** A reboot that stands still in the hook before its host, with the lock in its hands. */
export class HeldRun extends Beside {
    private constructor(
        child: ChildProcess,
        private readonly signFile: string,
    ) {
        super(child);
    }

    /** The run's name. */
    get id(): string {
        return /run (\S+) on /.exec(this.said)?.[1] ?? "";
    }

    /** Returns when its hook has begun. */
    static async start(lab: ClusterLab, host: string): Promise<HeldRun> {
        const sign = path.join(lab.state, `go-on-${randomUUID()}`);
        const hook = `until [ -e ${sign} ]; do sleep 0.1; done`;
        const words = ["reboot", "--host", host, "--no-probe", "--hook-before", hook];
        const run = new HeldRun(lab.startQuorate(...words), sign);
        await run.untilSaid(new RegExp(`hook-before of ${host}`));
        return run;
    }

    /** Ends the hook. */
    goOn(): void {
        writeFileSync(this.signFile, "");
    }
}
