import { randomUUID } from "node:crypto";
import { Duration } from "../../model/duration";
import { systemClock, type Clock } from "../workflow/clock";
import { ageOf, moment, type Moment } from "../workflow/moment";
import { followCommand, forgetCommand, parseFollowed, type DetachedRun, type RunState } from "./detachedScript";
import {
    BrokenConnectionError,
    execOk,
    HostKeyError,
    RemoteError,
    tail,
    UnreachableError,
    type ExecResult,
    type Remote,
    type RemoteHost,
} from "./remote";

/** A step that changes a host and takes its time. */
export interface DetachedStep {
    /** Name of its systemd unit on the host, the same for each run, for example `quorate-stop-api-server`. */
    readonly unit: string;
    /** For bash, without secrets. May be run again after it was interrupted anywhere. */
    readonly script: string;
    /** For errors: what is going on while it runs, as in "stopping the API server". */
    readonly what: string;
    /** How long it is waited for, broken connections included. It is not stopped then. */
    readonly deadline: Duration;
}

/** Who waits for a step. */
export interface StepWatch {
    readonly clock?: Clock | undefined;
    /** Told while it lasts that the host does not answer, each time for another reason than before. */
    readonly report?: ((line: string) => void) | undefined;
}

/**
 * A step is begun within this time of its order or never. Its order may be older than the run's lock otherwise, which is
 * looked at just before (F48).
 */
const BEGIN_WITHIN = Duration.seconds(10);
const REDIAL_PAUSE_MILLISECONDS = 250;
/** For beginning it, on a busy host, and for the answer. */
const MARGIN = Duration.seconds(15);
const SHORT = Duration.seconds(5);
/** From here on, a shell's exit status says that a signal ended it. */
const SIGNALLED = 128;

/**
 * Runs a step as a systemd unit of the host and returns its standard output. When the connection breaks, it is made again
 * until the deadline, and the same run is followed: its script runs once (F50). A run of the same name that is under way
 * already, for example of a killed driver, is joined.
 * @throws RemoteError as `execOk` does; also when the host reboots under it, and at the deadline, with the unit's name
 * @throws UnreachableError when the host does not answer to begin with
 */
export async function runDetached(
    remote: Remote,
    host: RemoteHost,
    step: DetachedStep,
    { clock = systemClock, report = () => undefined }: StepWatch = {},
): Promise<string> {
    const ordered = moment(clock);
    const { unit, script } = step;
    const run: DetachedRun = { unit, attempt: randomUUID(), bootId: await bootId(remote, host), script };
    const result = await follow(remote, host, step, run, { ordered, clock, report });
    const stdout = conclude(host, step, result);
    await remote.exec(host, forgetCommand(run), { timeout: SHORT }).catch(() => undefined);
    return stdout;
}

/** Nothing has begun yet: a connection of before that turns out to be broken is made again, a host that is down is told. */
async function bootId(remote: Remote, host: RemoteHost): Promise<string> {
    const command = "cat /proc/sys/kernel/random/boot_id";
    const ask = () => execOk(remote, host, command, { timeout: SHORT, what: "reading its boot id" });
    const text = await ask().catch((error: unknown) => {
        if (error instanceof BrokenConnectionError) return ask();
        throw error;
    });
    return text.trim();
}

interface Order {
    readonly ordered: Moment;
    readonly clock: Clock;
    readonly report: (line: string) => void;
}

/** The first answer of the host about the run. */
async function follow(
    remote: Remote,
    host: RemoteHost,
    step: DetachedStep,
    run: DetachedRun,
    { ordered, clock, report }: Order,
): Promise<ExecResult> {
    let broken = "";
    for (;;) {
        const left = step.deadline.milliseconds - (clock.monotonic() - ordered.monotonic);
        if (left <= 0) throw unfinished(host, step, `no end within ${step.deadline}; last seen: ${broken}`);
        const wait = Duration.milliseconds(left);
        const mayBegin = ageOf(ordered, clock) < BEGIN_WITHIN.milliseconds;
        const before = broken;
        try {
            const command = followCommand(run, { mayBegin, wait });
            const result = await remote.exec(host, command, { timeout: wait.plus(MARGIN) });
            if (result.code < SIGNALLED) return result;
            broken = "the shell that waits for it was killed";
        } catch (error) {
            if (error instanceof HostKeyError || !(error instanceof RemoteError)) throw error;
            if (!(error instanceof BrokenConnectionError || error instanceof UnreachableError))
                throw unfinished(host, step, error.what);
            broken = error.what;
        }
        if (broken !== before) report(`${step.what}: ${broken}; asking again`);
        await clock.pause(REDIAL_PAUSE_MILLISECONDS);
    }
}

function unfinished(host: RemoteHost, { what, unit }: DetachedStep, why: string): RemoteError {
    const look = `it may still run on the host; look there with: systemctl status ${unit}`;
    return new RemoteError(host.name, `${what}: ${why}; ${look}`);
}

const INTERRUPTED: Readonly<Record<Exclude<RunState["kind"], "ended" | "running">, (what: string) => string>> = {
    killed: (what) => `${what} left no exit status: its unit was stopped or killed; run again`,
    stopping: (what) => `the host began to shut down while ${what}; run again when it is back`,
    rebooted: (what) => `the host rebooted while ${what}; run again`,
    "not begun": (what) =>
        `${what} was not begun: the connection broke before, and was not made again within ${BEGIN_WITHIN}; run again`,
};

function conclude(host: RemoteHost, step: DetachedStep, { code, stdout, stderr }: ExecResult): string {
    const state = parseFollowed(stdout);
    if (state === undefined) {
        const what = `${step.what} as unit ${step.unit} failed with exit status ${code}`;
        throw new RemoteError(host.name, what, code, tail(stderr || stdout));
    }
    if (state.kind === "running") throw unfinished(host, step, `no end within ${step.deadline}`);
    if (state.kind !== "ended") throw new RemoteError(host.name, INTERRUPTED[state.kind](step.what));
    if (state.status === 0) return state.stdout;
    const what = `${step.what} ended with exit status ${state.status}`;
    throw new RemoteError(host.name, what, state.status, tail(stderr || state.stdout));
}
