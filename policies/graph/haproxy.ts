import { Duration } from "../../model/duration";
import { type HostText } from "./commands";

/** How HAProxy checks one backend, as far as rules ask. */
export interface HaproxyBackend {
    readonly source: HostText;
    readonly name: string;
    readonly servers: readonly HaproxyServer[];
    /** Path of the HTTP check; undefined when a TCP connection is the check. */
    readonly checkPath: string | undefined;
    /** How long the check of one answer may take; undefined when it is as long as the interval. */
    readonly checkTimeout: Duration | undefined;
}

/** How HAProxy checks one server of a backend. */
export interface HaproxyServer {
    readonly name: string;
    readonly port: number | undefined;
    readonly checked: boolean;
    /** Between two checks; undefined when the text says it in a way that cannot be read. */
    readonly interval: Duration | undefined;
    readonly fall: number | undefined;
}

const SECTION =
    /^\s*(global|defaults|frontend|backend|listen|resolvers|peers|userlist|program|cache|ring)\b\s*(\S*)\s*$/;
const API_SERVER_PORT = 6443;
const HEALTH_PATHS = ["/readyz", "/livez", "/healthz"];

interface Section {
    readonly kind: string;
    readonly name: string;
    readonly lines: readonly string[];
}

/**
 * The backends (`backend`, `listen`) of HAProxy configurations that stand anywhere in a text, alone or in a script that
 * writes them. Settings of the last `defaults` section before a backend count for it, as in HAProxy.
 */
export function haproxyBackends(source: HostText): readonly HaproxyBackend[] {
    let defaults: readonly string[] = [];
    const backends: HaproxyBackend[] = [];
    for (const section of sections(source.text)) {
        if (section.kind === "defaults") defaults = section.lines;
        if (section.kind !== "backend" && section.kind !== "listen") continue;
        const backend = readBackend(source, section.name, [...defaults, ...section.lines]);
        if (backend.servers.length > 0) backends.push(backend);
    }
    return backends;
}

/** Whether requests to it go to Kubernetes API servers: by their port, or by a check of one of their health paths. */
export function leadsToApiServers({ servers, checkPath }: HaproxyBackend): boolean {
    return servers.some(({ port }) => port === API_SERVER_PORT) || HEALTH_PATHS.includes(pathOnly(checkPath));
}

/** A check's path without its query. */
export function pathOnly(path: string | undefined): string {
    return (path ?? "").split("?")[0] ?? "";
}

/**
 * The longest that HAProxy takes to notice that a server is not ready: so many failed checks, each after its interval and
 * as long as it may last; undefined when it cannot be read.
 */
export function noticedAfter({ servers, checkTimeout }: HaproxyBackend): Duration | undefined {
    const times = servers.map(({ interval, fall }) =>
        interval === undefined || fall === undefined ? undefined : interval.plus(checkTimeout ?? interval).times(fall),
    );
    return times.reduce((longest, time) => {
        if (longest === undefined || time === undefined) return undefined;
        return time.isLongerThan(longest) ? time : longest;
    });
}

function sections(text: string): readonly Section[] {
    const found: { kind: string; name: string; lines: string[] }[] = [];
    for (const line of text.split("\n")) {
        const [, kind, name] = SECTION.exec(line) ?? [];
        if (kind !== undefined) found.push({ kind, name: name ?? "", lines: [] });
        else found.at(-1)?.lines.push(line.replace(/\s#.*$/, "").trim());
    }
    return found;
}

function readBackend(source: HostText, name: string, lines: readonly string[]): HaproxyBackend {
    const after = (start: string) => lines.filter((line) => line.startsWith(`${start} `)).at(-1);
    const forAll = lines.filter((line) => line.startsWith("default-server ")).map((line) => words(line).slice(1));
    const timeout = after("timeout check");
    return {
        source,
        name,
        servers: lines
            .map(words)
            .filter(([keyword, , address]) => keyword === "server" && address !== undefined)
            .map(([, server = "", address = "", ...options]) =>
                readServer(server, address, [...forAll.flat(), ...options]),
            ),
        checkPath: checkPath(lines),
        checkTimeout: timeout === undefined ? undefined : haproxyTime(words(timeout)[2]),
    };
}

/** `option httpchk [METHOD] PATH`, or the newer `http-check send ... uri PATH`. */
function checkPath(lines: readonly string[]): string | undefined {
    const option = lines.filter((line) => /^option\s+httpchk\b/.test(line)).at(-1);
    if (option === undefined) return undefined;
    const sent = lines.map((line) => /^http-check\s+send\b.*\suri\s+(\S+)/.exec(line)?.[1]).filter(Boolean);
    return sent.at(-1) ?? words(option).find((word) => word.startsWith("/")) ?? "/";
}

function readServer(name: string, address: string, options: readonly string[]): HaproxyServer {
    const port = /:(\d+)$/.exec(address)?.[1];
    const given = (option: string) => {
        const index = options.lastIndexOf(option);
        return index < 0 ? undefined : options[index + 1];
    };
    const [interval, fall] = [given("inter"), given("fall")];
    return {
        name,
        port: port === undefined ? undefined : Number(port),
        checked: options.lastIndexOf("check") > options.lastIndexOf("no-check"),
        // HAProxy's own defaults: a check every 2 s, out after 3 failed ones (configuration manual, 5.2).
        interval: interval === undefined ? Duration.seconds(2) : haproxyTime(interval),
        fall: fall === undefined ? 3 : wholeNumber(fall),
    };
}

function words(line: string): string[] {
    return line.split(/\s+/).filter((word) => word !== "");
}

function wholeNumber(word: string): number | undefined {
    return /^\d+$/.test(word) ? Number(word) : undefined;
}

/** HAProxy's notation: a number without a unit is milliseconds. */
function haproxyTime(word: string | undefined): Duration | undefined {
    if (word === undefined || !/^\d+(ms|s|m|h)?$/.test(word)) return undefined;
    return /\d$/.test(word) ? Duration.milliseconds(Number(word)) : Duration.parse(word);
}
