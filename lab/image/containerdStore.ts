import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Bundle } from "../artifacts/bundle";
import { ensureCached } from "../cache";
import { LabError } from "../errors";
import { finish, run } from "../process";
import type { Progress } from "../progress";
import { recipeHash } from "../settings";
import { until } from "../wait";

const namespace = "k8s.io";
/** Every containerd gives itself an id at its first start; hosts must not share one. */
const containerdIdentity = "io.containerd.grpc.v1.introspection";

/** A containerd data folder that holds every image of the bundle, unpacked. Made once with the bundle's own containerd. */
export async function ensureContainerdStore(bundle: Bundle, progress: Progress): Promise<string> {
    return ensureCached(`containerd-${recipeHash(bundle.sha256sums, containerdIdentity)}`, (directory) =>
        progress.during("images imported for all hosts", async (detail) => {
            await importImages(bundle, directory, detail);
            await rm(path.join(directory, containerdIdentity), { recursive: true, force: true });
        }),
    );
}

async function importImages(bundle: Bundle, directory: string, detail: (text: string) => void): Promise<void> {
    const scratch = await mkdtemp(path.join(os.tmpdir(), "quorate-containerd-"));
    const socket = path.join(scratch, "containerd.sock");
    const images = path.join(bundle.directory, "images");
    const ctr = (args: readonly string[]): string[] => ["--address", socket, "--namespace", namespace, ...args];
    const binary = path.join(bundle.directory, "bin", "ctr");
    const stop = await startContainerd(bundle, directory, scratch, socket);
    try {
        for (const archive of (await readdir(images)).sort()) {
            detail(archive);
            await run(binary, ctr(["images", "import", "--snapshotter", "overlayfs", path.join(images, archive)]));
        }
    } finally {
        await stop();
        await rm(scratch, { recursive: true, force: true });
    }
}

/** Starts containerd on folders of its own and returns what stops it. */
async function startContainerd(
    bundle: Bundle,
    directory: string,
    scratch: string,
    socket: string,
): Promise<() => Promise<void>> {
    const config = path.join(scratch, "config.toml");
    const logFile = path.join(scratch, "log");
    await writeFile(
        config,
        `version = 3\ndisabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.nri.v1.nri"]\n`,
    );
    const args = ["--config", config, "--root", directory, "--state", path.join(scratch, "state"), "--address", socket];
    const log = await open(logFile, "w");
    const child = spawn(path.join(bundle.directory, "bin", "containerd"), args, { stdio: ["ignore", log.fd, log.fd] });
    const ended = once(child, "exit");
    const stop = async (): Promise<void> => {
        child.kill("SIGTERM");
        await ended;
        await log.close();
    };
    await until({
        what: "containerd to answer",
        deadlineMs: 180_000,
        observe: async () => {
            if (child.exitCode !== null) throw new LabError(`containerd ended:\n${await readFile(logFile, "utf8")}`);
            return finish(path.join(bundle.directory, "bin", "ctr"), ["--address", socket, "version"]);
        },
        satisfied: ({ status }) => status === 0,
        describe: ({ stderr }) => stderr.trim(),
    }).catch(async (error: unknown) => {
        await stop();
        throw error;
    });
    return stop;
}

/**
 * Gives a new host its containerd folder. Image contents are linked, because nobody changes them in place; databases
 * are copied, because every host writes its own. Without a store the folder is empty.
 */
export async function copyContainerdStore(store: string | undefined, target: string): Promise<void> {
    await rm(target, { recursive: true, force: true });
    if (!store || !existsSync(store)) {
        await mkdir(target, { recursive: true });
        return;
    }
    const linked = await finish("cp", ["--archive", "--link", store, target]);
    if (linked.status !== 0) {
        // another file system: copy
        await rm(target, { recursive: true, force: true });
        await run("cp", ["--archive", store, target]);
    }
    for (const database of await databases(store)) {
        await run("cp", ["--archive", "--remove-destination", path.join(store, database), path.join(target, database)]);
    }
}

async function databases(store: string): Promise<string[]> {
    const found: string[] = [];
    for (const plugin of await readdir(store)) {
        for (const file of await readdir(path.join(store, plugin))) {
            if (file.endsWith(".db")) found.push(path.join(plugin, file));
        }
    }
    return found;
}
