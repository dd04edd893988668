import { knownHostsPath, privateKeyPath } from "../hosts";
import { requireReachable } from "../hosts/reachable";
import { runInteractive } from "../process";
import { findHost } from "../topology";

/** `npm run lab -- ssh HOST [COMMAND...]`: a shell or one command on a host, as root. @returns the command's status */
export async function ssh(name: string, command: readonly string[]): Promise<number> {
    const host = findHost(name);
    await requireReachable(host);
    const options = ["LogLevel=ERROR", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes"];
    const files = ["-F", "none", "-i", privateKeyPath(), "-o", `UserKnownHostsFile=${knownHostsPath()}`];
    return runInteractive("ssh", [...files, ...options.flatMap((o) => ["-o", o]), `root@${host.address}`, ...command]);
}
