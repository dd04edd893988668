import type { Client, ClientChannel } from "ssh2";
import { Environment } from "./previousOutput";

/** The parts of the SSH library that set a variable and wait for the server's answer, which its own exec does not. */
interface Internals {
    readonly _protocol: {
        env(channel: number, key: string, value: string, wantReply: boolean): void;
        exec(channel: number, command: string, wantReply: boolean): void;
    };
    readonly _chanMgr: { readonly _channels: Record<string, Channel> };
}

interface Channel {
    readonly outgoing: { readonly id: number };
    readonly _callbacks: ((refused: boolean | Error) => void)[];
}

/** A variable that the server would not take. */
export class RefusedVariable extends Error {
    constructor(readonly key: string) {
        super(`could not set environment variable ${JSON.stringify(key)}: ssh: setenv failed`);
    }
}

function setVariable(internals: Internals, channel: Channel, key: string, value: string): Promise<boolean> {
    return new Promise((resolve) => {
        channel._callbacks.push((refused) => resolve(refused === false));
        internals._protocol.env(channel.outgoing.id, key, value, true);
    });
}

/** Sets the variables one after the other; the first required one that is refused ends it. */
async function setVariables(internals: Internals, channel: Channel, required: Environment, optional: Environment) {
    const refused: string[] = [];
    for (const [key, value] of Object.entries(required)) {
        if (!(await setVariable(internals, channel, key, value))) throw new RefusedVariable(key);
    }
    for (const [key, value] of Object.entries(optional)) {
        if (!(await setVariable(internals, channel, key, value))) refused.push(key);
    }
    return refused;
}

/** What is run, with its variables. */
export interface SshCommand {
    readonly command: string;
    /** A refusal of one of these fails the command before it starts. */
    readonly required: Environment;
    /** A refusal of one of these is reported only. */
    readonly optional: Environment;
    readonly onRefused: (key: string) => void;
    /** Listens before anything else of the server is read: a fast command's end may come in the same packet as its start. */
    readonly onStarted: (channel: ClientChannel) => void;
}

/** Holds the request to run back until the server has answered for every variable. */
function variablesFirst(internals: Internals, { required, optional, onRefused }: SshCommand): void {
    const protocol = internals._protocol;
    const exec = protocol.exec.bind(protocol);
    protocol.exec = (id, command, wantReply) => {
        const channel = Object.values(internals._chanMgr._channels).find(({ outgoing }) => outgoing?.id === id);
        const started = channel?._callbacks.pop();
        if (channel === undefined || started === undefined) throw new Error("the SSH channel is gone");
        setVariables(internals, channel, required, optional).then(
            (refused) => {
                refused.forEach(onRefused);
                channel._callbacks.push(started);
                exec(id, command, wantReply);
            },
            (error: Error) => started(error),
        );
    };
}

/**
 * Starts a command in a session of its own. The client must not have run another command.
 * @throws RefusedVariable when the server does not take a required variable; the command does not run then.
 */
export function openSession(client: Client, command: SshCommand): Promise<void> {
    return new Promise((resolve, reject) => {
        if (Object.keys({ ...command.required, ...command.optional }).length > 0) {
            variablesFirst(client as unknown as Internals, command);
        }
        client.exec(command.command, (error, channel) => {
            if (error) return reject(error);
            serverCloses(channel);
            command.onStarted(channel);
            resolve();
        });
        client.once("close", () => reject(new Error("the connection was lost before the command started")));
    });
}

/**
 * Leaves the end of a channel to the server. By itself, ssh2 closes a channel as soon as both directions have ended (Node's
 * autoDestroy), and sshd then keeps an exit status to itself that it has not sent yet: a busy one sends it after the output.
 */
function serverCloses(channel: ClientChannel): void {
    const { _readableState, _writableState } = channel as unknown as Record<string, { autoDestroy: boolean }>;
    for (const state of [_readableState, _writableState]) if (state !== undefined) state.autoDestroy = false;
}
