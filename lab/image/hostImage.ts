import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Bundle } from "../artifacts/bundle";
import { ensureCached } from "../cache";
import { run } from "../process";
import type { Progress } from "../progress";
import { recipeHash } from "../settings";
import { ensureBaseImage } from "./baseImage";
import { ensureContainerdStore } from "./containerdStore";

/** What a new host is made from. */
export interface HostImage {
    /** Folders that lie over one another below every host's own file system, the uppermost first. */
    readonly lower: readonly string[];
    /** A containerd data folder in which the bundle's images are imported already. */
    readonly containerdStore: string;
}

/** Where a host finds the bundle, as sites with images of their own would put it. */
export const bundleOnHost = "/opt/quorate/bundle";

/** The golden image: the base file system with the bundle at {@link bundleOnHost}, and images imported. */
export async function ensureImage(bundle: Bundle, progress: Progress): Promise<HostImage> {
    const base = await ensureBaseImage(progress);
    const layer = await ensureCached(`bundle-layer-${recipeHash(bundle.sha256sums)}`, async (directory) => {
        const target = path.join(directory, bundleOnHost);
        await mkdir(path.dirname(target), { recursive: true });
        await run("cp", ["--archive", "--link", bundle.directory, target]);
    });
    return { lower: [layer, base], containerdStore: await ensureContainerdStore(bundle, progress) };
}
