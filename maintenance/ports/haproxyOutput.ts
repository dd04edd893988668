/** A server of a backend as one HAProxy runs it. */
export interface BalancerServer {
    readonly backend: string;
    readonly name: string;
    readonly address: string;
    readonly port: number;
    /** What the health checks say. */
    readonly operational: "up" | "starting" | "stopping" | "down";
    /** What people have set. */
    readonly administrative: "ready" | "drain" | "maint";
    /** Sessions running now. */
    readonly sessions: number;
    /** Result of the last health check in HAProxy's words, for example `L7OK` or `L4CON`; empty without checks. */
    readonly lastCheck: string;
}

/** `srv_op_state` of the server state file, format 1. */
const OPERATIONAL = ["down", "starting", "up", "stopping"] as const;
/** Bits of `srv_admin_state`: forced, inherited, configured, resolution and host name maintenance. */
const MAINTENANCE_BITS = 0x01 | 0x02 | 0x04 | 0x20 | 0x40;
/** Forced and inherited drain. */
const DRAIN_BITS = 0x08 | 0x10;

/**
 * Joins `show servers state` (states as numbers) with `show stat` (sessions and check results).
 * @throws Error when either output is not HAProxy's
 */
export function parseServers(serversState: string, stat: string): BalancerServer[] {
    const statistics = new Map(parseStat(stat).map((row) => [`${row.pxname}/${row.svname}`, row]));
    return parseServersState(serversState).map((row) => {
        const backend = field(row, "be_name");
        const name = field(row, "srv_name");
        const statistic = statistics.get(`${backend}/${name}`);
        return {
            backend,
            name,
            address: field(row, "srv_addr"),
            port: Number(field(row, "srv_port")),
            operational: OPERATIONAL[Number(field(row, "srv_op_state"))] ?? "down",
            administrative: administrative(Number(field(row, "srv_admin_state"))),
            sessions: Number(statistic?.scur ?? 0),
            lastCheck: statistic?.check_status ?? "",
        };
    });
}

type Row = Readonly<Record<string, string>>;

function administrative(bits: number): BalancerServer["administrative"] {
    if ((bits & MAINTENANCE_BITS) !== 0) return "maint";
    return (bits & DRAIN_BITS) === 0 ? "ready" : "drain";
}

/** First line: format version. Second: `# ` and the column names. Then one line a server, separated by spaces. */
function parseServersState(text: string): Row[] {
    const [version, header, ...lines] = nonEmptyLines(text);
    if (version !== "1" || !header?.startsWith("# ")) throw unexpected("show servers state", text);
    return table(header.slice(2).split(" "), lines, " ");
}

/** CSV whose header starts with `# `. The columns read here hold no quoted commas before them. */
function parseStat(text: string): Row[] {
    const [header, ...lines] = nonEmptyLines(text);
    if (!header?.startsWith("# pxname,")) throw unexpected("show stat", text);
    return table(header.slice(2).split(","), lines, ",");
}

function table(columns: readonly string[], lines: readonly string[], separator: string): Row[] {
    return lines.map((line) => {
        const values = line.split(separator);
        return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? ""]));
    });
}

function nonEmptyLines(text: string): string[] {
    return text.split("\n").filter((line) => line.trim() !== "");
}

function field(row: Row, column: string): string {
    const value = row[column];
    if (value === undefined)
        throw new Error(`HAProxy's "show servers state" has no column ${column}; expected HAProxy 2.4 or newer`);
    return value;
}

function unexpected(command: string, text: string): Error {
    return new Error(`HAProxy answered "${command}" with ${JSON.stringify(text.slice(0, 200))}; expected its table`);
}
