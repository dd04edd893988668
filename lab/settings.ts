import { createHash } from "node:crypto";
import path from "node:path";

/** Where the state of a lab is unless it is told otherwise. */
export const ordinaryState = "/var/lib/quorate-lab";

/** Folder of everything a running lab owns: hosts, keys, credentials. `down` removes it. */
export function stateDirectory(): string {
    return path.resolve(process.env["QUORATE_LAB_STATE"] || ordinaryState);
}

/** Folder of everything that can be made again and is worth keeping: bundles, images, tools. `down` keeps it. */
export function cacheDirectory(): string {
    return path.resolve(process.env["QUORATE_CACHE"] || "/var/cache/quorate");
}

/** A path below {@link stateDirectory}. */
export function statePath(...parts: readonly string[]): string {
    return path.join(stateDirectory(), ...parts);
}

/** A path below {@link cacheDirectory}. */
export function cachePath(...parts: readonly string[]): string {
    return path.join(cacheDirectory(), ...parts);
}

/** Twelve hex digits that change whenever any part changes: names of cache entries. */
export function recipeHash(...parts: readonly unknown[]): string {
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}
