import { existsSync } from "node:fs";
import { LabError } from "../errors";
import { hostFolders } from "../hosts/folders";
import { runInteractive } from "../process";
import { findHost } from "../topology";

/** `npm run lab -- console HOST`: what the host wrote on its console, and what it goes on writing. */
export async function followConsole(name: string): Promise<number> {
    const { consoleLog } = hostFolders(findHost(name).name);
    if (!existsSync(consoleLog))
        throw new LabError(`${name} was never started; start it: npm run lab -- power ${name} on`);
    return runInteractive("tail", ["-n", "200", "-F", consoleLog]);
}
