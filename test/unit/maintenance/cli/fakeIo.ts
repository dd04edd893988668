import type { Io } from "../../../../maintenance/cli/io";

/** A process around a command that only remembers what is printed. */
export function fakeIo(change: Partial<Io> = {}): { io: Io; printed: () => { out: string; err: string } } {
    let out = "";
    let err = "";
    const io: Io = {
        environment: {},
        stdout: { write: (text) => (out += text) },
        stderr: { write: (text) => (err += text) },
        readStdin: () => Promise.resolve(""),
        exit: () => undefined,
        ...change,
    };
    return { io, printed: () => ({ out, err }) };
}
