import { StringDecoder } from "node:string_decoder";
import { EngineLog } from "../protocol/engineLog";

/** What a command printed, without the last newline. */
export interface CommandOutput {
    readonly stdout: string;
    readonly stderr: string;
    /** Lets the outputs be merged into a property map. */
    readonly [key: string]: string;
}

/** A logged line of this many bytes makes the published plugin 1.2.1 wait forever. */
const longestLoggedLine = 64 * 1024;

/** Sends the lines of a running command to the engine as status lines, as `logging` says. */
export class OutputLines {
    private rest = "";
    private readonly decoder = new StringDecoder("utf8");
    private readonly streams: ReadonlySet<string>;
    private longest = 0;

    constructor(
        private readonly urn: string,
        logging: unknown,
        private readonly engineLog: EngineLog,
    ) {
        const both = logging === undefined || logging === "stdoutAndStderr";
        this.streams = new Set(both ? ["stdout", "stderr"] : [String(logging)]);
    }

    /** Takes a piece of output; whole lines are sent on. */
    write(stream: "stdout" | "stderr", piece: Buffer): void {
        if (!this.streams.has(stream)) return;
        const lines = (this.rest + this.decoder.write(piece)).split(/\r?\n/);
        this.rest = lines.pop() ?? "";
        this.longest = Math.max(this.longest, ...[...lines, this.rest].map((line) => Buffer.byteLength(line)));
        for (const line of lines) this.engineLog.log("status", this.urn, line);
    }

    /** Sends a remark of the plugin itself about the resource. */
    remark(level: "status" | "warning" | "error", message: string): void {
        this.engineLog.log(level, this.urn, message);
    }

    /** @throws for a logged line with which the published plugin would never end. */
    requireShortLines(): void {
        if (this.longest < longestLoggedLine) return;
        const what = `a line of ${this.longest} bytes was printed while output is logged; limit: ${longestLoggedLine}`;
        throw new Error(
            `${what}; set logging to none, or to the other stream: the published plugin hangs on such a line`,
        );
    }

    /** Sends an unfinished last line and waits until the engine has everything. */
    async end(): Promise<void> {
        const last = this.rest + this.decoder.end();
        if (last !== "") this.engineLog.log("status", this.urn, last);
        await this.engineLog.flushed();
    }
}

/** Collects what a command prints: each stream for the outputs, both together for the message of a failure. */
export class OutputCollector {
    private readonly pieces: { stream: "stdout" | "stderr"; piece: Buffer }[] = [];

    constructor(private readonly lines: OutputLines) {}

    /** Takes a piece of output of one stream. */
    write(stream: "stdout" | "stderr", piece: Buffer): void {
        this.pieces.push({ stream, piece });
        this.lines.write(stream, piece);
    }

    private text(wanted: (stream: string) => boolean): string {
        return Buffer.concat(this.pieces.filter(({ stream }) => wanted(stream)).map(({ piece }) => piece)).toString();
    }

    /** The outputs, each without its last newline. */
    output(): CommandOutput {
        const of = (stream: string): string => this.text((name) => name === stream).replace(/\n$/, "");
        return { stdout: of("stdout"), stderr: of("stderr") };
    }

    /** The failure of the command: why, the whole command, and everything it printed. */
    failure(reason: string, command: string): Error {
        return new Error(`${reason}: running ${JSON.stringify(command)}:\n${this.text(() => true)}`);
    }
}
