import type { Duration } from "../../model/duration";

/** A host as SSH reaches it. `hostKey` is a public key line without the host: `ssh-ed25519 AAAA...`. */
export interface RemoteHost {
    readonly name: string;
    readonly address: string;
    readonly ssh: { readonly user: string; readonly port: number; readonly hostKey: string };
}

export interface ExecOptions {
    /** Written to the command's standard input; the only way for secrets. */
    readonly stdin?: string;
    /** How long the command may take once the host answers; 30 s when left out. */
    readonly timeout?: Duration;
}

export interface ExecResult {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

/** Runs shell commands on hosts. */
export interface Remote {
    /**
     * Runs a command to its end, whatever its exit status: in bash, as root, whoever logs in, in the environment that all
     * steps have. What login shells print does not come back.
     * @throws UnreachableError when the host does not answer
     * @throws HostKeyError when another host answers
     * @throws BrokenConnectionError when the connection breaks, or the bastion before the host cannot be reached
     * @throws RemoteError when the login or sudo is refused or the time is over
     */
    exec(host: RemoteHost, command: string, options?: ExecOptions): Promise<ExecResult>;
    /** Closes every connection. */
    close(): void;
}

/** A command on a host did not do its work. */
export class RemoteError extends Error {
    constructor(
        readonly host: string,
        /** What happened, without the host. */
        readonly what: string,
        /** Exit status, when the command came to its end. */
        readonly exit?: number,
        /** The last lines of its standard error. */
        readonly stderrTail = "",
    ) {
        super(stderrTail === "" ? `${host}: ${what}` : `${host}: ${what}:\n${stderrTail}`);
        this.name = "RemoteError";
    }
}

/** Nothing answers at the host's address within the dialling time. */
export class UnreachableError extends RemoteError {
    constructor(host: string, what: string) {
        super(host, what);
        this.name = "UnreachableError";
    }
}

/** The way to the host broke. Of the host nothing is known: a command that was sent may still run there, or not have begun. */
export class BrokenConnectionError extends RemoteError {
    constructor(host: string, what: string) {
        super(host, what);
        this.name = "BrokenConnectionError";
    }
}

/** The host that answers has not the pinned key: it was installed anew, or it is another one. */
export class HostKeyError extends RemoteError {
    constructor(host: string, what: string) {
        super(host, what);
        this.name = "HostKeyError";
    }
}

const TAIL_LINES = 5;

/** The end of an output, for an error message. */
export function tail(text: string, lines = TAIL_LINES): string {
    return text.trimEnd().split("\n").slice(-lines).join("\n");
}

/** Runs a command that must succeed and returns its standard output. @throws RemoteError with exit status and error tail */
export async function execOk(
    remote: Remote,
    host: RemoteHost,
    command: string,
    options?: ExecOptions & { readonly what?: string },
): Promise<string> {
    const result = await remote.exec(host, command, options);
    if (result.code === 0) return result.stdout;
    const what = `${options?.what ?? command.slice(0, 100)} ended with exit status ${result.code}`;
    throw new RemoteError(host.name, what, result.code, tail(result.stderr || result.stdout));
}
