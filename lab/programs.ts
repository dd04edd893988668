import { existsSync } from "node:fs";
import path from "node:path";
import { LabError } from "./errors";
import { run } from "./process";
import type { Progress } from "./progress";

/** Programs the lab calls, and the Debian packages that bring them. */
const packageOf: Readonly<Record<string, readonly string[]>> = {
    "systemd-nspawn": ["systemd-container"],
    mmdebstrap: ["mmdebstrap", "debian-archive-keyring"],
    ip: ["iproute2"],
    ssh: ["openssh-client"],
    "ssh-keygen": ["openssh-client"],
    systemctl: ["systemd"],
    unshare: ["util-linux"],
    gcc: ["gcc", "libc6-dev"],
    chromium: ["chromium"],
    python3: ["python3"],
};

/** Asked for only when something must be built, a page looked at, or a packet forged. */
const onDemand = ["gcc", "chromium", "python3"];

/** What hosts need of the machine. */
export const hostPrograms: readonly string[] = Object.keys(packageOf).filter((program) => !onDemand.includes(program));

/** Installs the programs that are not there. @throws LabError naming them when the machine has no apt */
export async function ensurePrograms(programs: readonly string[], progress: Progress): Promise<void> {
    const missing = programs.filter((program) => !isInstalled(program));
    if (missing.length === 0) return;
    const packages = [...new Set(missing.flatMap((program) => packageOf[program] ?? []))];
    if (!isInstalled("apt-get")) {
        throw new LabError(
            `not installed: ${missing.join(", ")}; install them (Debian calls them ${packages.join(", ")})`,
        );
    }
    await progress.during(`installing ${packages.join(", ")}`, async (detail) => {
        const environment = { DEBIAN_FRONTEND: "noninteractive" };
        const install = ["install", "--yes", "--no-install-recommends", ...packages];
        await run("apt-get", ["update"], { env: environment, onLine: detail });
        await run("apt-get", install, { env: environment, onLine: detail });
    });
}

function isInstalled(program: string): boolean {
    const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/sbin"];
    return folders.some((folder) => folder && existsSync(path.join(folder, program)));
}
