import { PropertyMap, isObject } from "../protocol/values";

/** How to reach a host through SSH, with defaults filled in. */
export interface Endpoint {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password?: string;
    readonly privateKey?: string;
    readonly privateKeyPassword?: string;
    readonly agentSocketPath?: string;
    /** The pinned host key: one line as in authorized_keys. Without it any key is accepted. */
    readonly hostKey?: string;
    /** How many failed attempts are tolerated; -1 for no limit. */
    readonly dialErrorLimit: number;
    /** Seconds an attempt may take; 0 for no limit. */
    readonly perDialTimeout: number;
}

/** An endpoint that may be reached through another one. */
export interface Connection extends Endpoint {
    readonly proxy?: Endpoint;
}

const optionalStrings = ["password", "privateKey", "privateKeyPassword", "hostKey"] as const;

function endpointOf(properties: PropertyMap): Endpoint {
    const agent = properties["agentSocketPath"] ?? process.env["SSH_AUTH_SOCK"];
    const given = optionalStrings.filter((name) => typeof properties[name] === "string");
    return {
        host: String(properties["host"]),
        port: Math.trunc(Number(properties["port"] ?? 22)),
        user: String(properties["user"] ?? "root"),
        dialErrorLimit: Number(properties["dialErrorLimit"] ?? 10),
        perDialTimeout: Number(properties["perDialTimeout"] ?? 15),
        ...Object.fromEntries(given.map((name) => [name, properties[name]])),
        ...(typeof agent === "string" && agent !== "" ? { agentSocketPath: agent } : {}),
    };
}

/** Reads the unwrapped `connection` of a resource. The agent defaults to SSH_AUTH_SOCK. */
export function connectionOf(properties: PropertyMap): Connection {
    const connection = properties["connection"];
    if (!isObject(connection)) throw new Error("connection is missing; it says how to reach the host");
    const proxy = connection["proxy"];
    return { ...endpointOf(connection), ...(isObject(proxy) ? { proxy: endpointOf(proxy) } : {}) };
}
