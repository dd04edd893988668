import { readInput } from "../../steps/remoteCommand";
import type { GraphResource, Typed } from "./resource";
import { UNKNOWN, type Value, at, isAbsent, isRecord, text } from "./value";

const REMOTE_COMMAND = "command:remote:Command";
const LOCAL_COMMAND = "command:local:Command";
/** What opens an SSH connection: @pulumi/command 1.2.1's remote resources. */
const REMOTE_TYPES = [REMOTE_COMMAND, "command:remote:CopyToRemote", "command:remote:CopyFile"];

const SCRIPT = "script in stdin";

/** A text that a resource brings to a host. */
export interface HostText {
    readonly resource: GraphResource;
    /** Property that it stands in. */
    readonly place: string;
    readonly text: string;
}

/** Commands, remote and local. */
export function isCommand({ type }: Typed): boolean {
    return type === REMOTE_COMMAND || type === LOCAL_COMMAND;
}

/** Everything that dials a host over SSH. */
export function isRemote({ type }: Typed): boolean {
    return REMOTE_TYPES.includes(type);
}

/** Everything that brings text to a host. */
export function bringsText(resource: Typed): boolean {
    return isCommand(resource) || isRemote(resource);
}

/**
 * Texts that a preview shows and the state keeps in the clear: commands, files given as text, and scripts that quorate's own
 * steps have on standard input, where a secret stands behind them if there is one. Of other standard input nobody tells a
 * rule whether it is a secret.
 */
export function publicTexts(resource: GraphResource): readonly HostText[] {
    if (!bringsText(resource)) return [];
    const places: readonly (readonly string[])[] = isCommand(resource)
        ? [["create"], ["update"], ["delete"]]
        : [["source", "text"]];
    const texts = places.flatMap((place) => {
        const found = text(at(resource.properties, ...place));
        return found === undefined ? [] : [{ resource, place: place[0] ?? "", text: found }];
    });
    const script = stdinOf(resource)?.script;
    return script === undefined ? texts : [...texts, { resource, place: SCRIPT, text: script }];
}

/** All texts, those on standard input included; they may be secret and are for reading settings out of them only. */
export function hostTexts(resource: GraphResource): readonly HostText[] {
    const stdin = stdinOf(resource)?.stdin ?? "";
    return [...publicTexts(resource), ...(stdin === "" ? [] : [{ resource, place: "stdin", text: stdin }])];
}

/** Standard input of a command: the script of a step of quorate's, if it is one, and what the command itself reads. */
function stdinOf(resource: GraphResource): { readonly script?: string; readonly stdin: string } | undefined {
    const stdin = isCommand(resource) ? text(at(resource.properties, "stdin")) : undefined;
    return stdin === undefined ? undefined : (readInput(stdin) ?? { stdin });
}

/** Whether it brings a text that only the update will know. */
export function bringsUnknownText({ properties }: GraphResource): boolean {
    return [at(properties, "create"), at(properties, "update"), at(properties, "source", "text")].includes(UNKNOWN);
}

/** A hop of an SSH connection that does not say which host key it expects. */
export interface UnpinnedHop {
    readonly hop: "connection" | "connection.proxy";
    /** Name or address, if known. */
    readonly host: string | undefined;
}

/** The hops without a host key. What is unknown yet may have one. */
export function unpinnedHops(resource: GraphResource): readonly UnpinnedHop[] {
    const connection = at(resource.properties, "connection");
    const hops: readonly { readonly hop: UnpinnedHop["hop"]; readonly value: Value }[] = [
        { hop: "connection", value: connection },
        { hop: "connection.proxy", value: at(connection, "proxy") },
    ];
    return hops
        .filter(({ value }) => isRecord(value) && lacks(at(value, "hostKey")))
        .map(({ hop, value }) => ({ hop, host: text(at(value, "host")) }));
}

/** The host that a resource works on: its address, or the resource itself where the address is not known or is this machine. */
export function hostOf(resource: GraphResource): string {
    return text(at(resource.properties, "connection", "host")) ?? resource.urn;
}

function lacks(value: Value): boolean {
    return value !== UNKNOWN && (isAbsent(value) || value === "");
}
