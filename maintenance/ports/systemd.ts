import { Duration } from "../../model/duration";
import { shellQuote } from "../../steps/shellQuote";
import type { Remote, RemoteHost } from "./remote";

/** State of systemd units by name, in systemd's words: `active`, `inactive`, `failed`, `unknown`... */
export type UnitStates = Readonly<Record<string, string>>;

/** systemd on hosts. */
export interface Systemd {
    states(host: RemoteHost, units: readonly string[]): Promise<UnitStates>;
}

const TIMEOUT = Duration.seconds(5);

/** systemctl on the hosts, over SSH. */
export function openSystemd(remote: Remote): Systemd {
    return {
        async states(host, units) {
            // Exits with 3 when a unit is not active, which is an answer.
            const command = `systemctl is-active ${units.map(shellQuote).join(" ")}`;
            const { stdout } = await remote.exec(host, command, { timeout: TIMEOUT });
            const lines = stdout.split("\n");
            return Object.fromEntries(units.map((unit, index) => [unit, lines[index] || "unknown"]));
        },
    };
}
