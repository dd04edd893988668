/** The process around a command: where it prints, what it reads, how it ends. */
export interface Io {
    readonly environment: NodeJS.ProcessEnv;
    readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
    readonly stderr: { write(text: string): unknown };
    /** All of standard input. */
    readStdin(): Promise<string>;
    /** Sets the exit status. */
    exit(code: number): void;
    /**
     * What to do at the first SIGINT or SIGTERM instead of ending at once; a second signal still ends. Left out where no
     * signal can come.
     */
    onInterrupt?(stop: () => void): void;
    /**
     * Puts this process ahead of the ordinary ones of a busy machine, which would make a measurement late and void. Left out
     * where the process does other work, too.
     */
    goFirst?(): void;
}
