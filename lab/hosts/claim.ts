import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { LabError, exitCode } from "../errors";
import { stateDirectory, statePath } from "../settings";
import { mountsBelow } from "./mounts";

const MARK = "quorate-lab";
const TEXT = "This folder belongs to a lab of quorate. `npm run lab -- down` removes it with everything in it.\n";

/** What a lab has made that knew no mark. */
const EARLIER_LABS = [["hosts", "keys/id_ed25519", "keys/known_hosts"], ["pulumi/passphrase"]];

/** Makes the state folder the lab's own, which only a new or an empty folder becomes. @throws LabError for one with files */
export async function claimState(): Promise<void> {
    await assertLabState();
    await mkdir(stateDirectory(), { recursive: true });
    await writeFile(statePath(MARK), TEXT);
}

/** @throws LabError when the state folder holds files and no lab has made it: somebody's files would be removed with it */
export async function assertLabState(): Promise<void> {
    const state = stateDirectory();
    const isThere = (file: string) => existsSync(statePath(file));
    if (isThere(MARK) || EARLIER_LABS.some((files) => files.every(isThere))) return;
    const entries = await readdir(state).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw new LabError(`${state}: ${error.message}; set QUORATE_LAB_STATE to a folder for the lab`, exitCode.usage);
    });
    if (entries.length === 0) return;
    throw new LabError(
        `${state} holds ${entries.slice(0, 3).join(", ")} and no lab has made it; nothing was changed. Set QUORATE_LAB_STATE to a folder that is new or empty`,
        exitCode.usage,
    );
}

/** @throws LabError while something is mounted below the state folder: removing it would reach through */
export async function assertNothingMounted(): Promise<void> {
    const left = mountsBelow(await readFile("/proc/self/mountinfo", "utf8"), stateDirectory());
    if (left.length === 0) return;
    throw new LabError(`still mounted: ${left.join(", ")}; end what uses it, then run \`npm run lab -- down\` again`);
}
