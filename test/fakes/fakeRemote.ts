import {
    RemoteError,
    UnreachableError,
    type ExecOptions,
    type ExecResult,
    type Remote,
    type RemoteHost,
} from "../../maintenance/ports/remote";

/** What a host answers: the first entry whose text is part of the command. */
export type Script = Readonly<Record<string, Partial<ExecResult>>>;

/** Hosts that answer from a script and remember what they were asked. */
export class FakeRemote implements Remote {
    readonly asked: { readonly host: string; readonly command: string; readonly stdin: string | undefined }[] = [];

    /** @param unreachable names of hosts that do not answer */
    constructor(
        private readonly script: Script,
        private readonly unreachable: readonly string[] = [],
    ) {}

    async exec(host: RemoteHost, command: string, options: ExecOptions = {}): Promise<ExecResult> {
        this.asked.push({ host: host.name, command, stdin: options.stdin });
        if (this.unreachable.includes(host.name)) throw new UnreachableError(host.name, `no SSH at ${host.address}:22`);
        const text = `${command}\n${options.stdin ?? ""}`;
        const answer = Object.entries(this.script).find(([part]) => text.includes(part))?.[1];
        if (answer === undefined) throw new RemoteError(host.name, `no answer is scripted for: ${command}`);
        return { code: 0, stdout: "", stderr: "", ...answer };
    }

    close(): void {
        // Nothing is open.
    }
}
