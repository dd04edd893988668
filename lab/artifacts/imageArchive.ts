import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { ImageRecipe } from "./imageCatalogue";
import { tar } from "./imageLayers";
import { architecture } from "./versions";

const searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/bin";

/** The image's configuration: what runs in it, and which layers it is made of, as sha256 of each, the lowest first. */
export function renderImageConfig(recipe: ImageRecipe, layers: readonly string[]): string {
    return JSON.stringify({
        architecture,
        os: "linux",
        created: "1970-01-01T00:00:00Z",
        config: {
            Env: [searchPath],
            WorkingDir: "/",
            ...(recipe.entrypoint.length > 0 ? { Entrypoint: recipe.entrypoint } : {}),
            ...(recipe.command ? { Cmd: recipe.command } : {}),
        },
        rootfs: { type: "layers", diff_ids: layers.map((layer) => `sha256:${layer}`) },
        history: layers.map(() => ({ created: "1970-01-01T00:00:00Z", created_by: "quorate lab" })),
    });
}

/** The archive's table of contents. */
export function renderImageManifest(recipe: ImageRecipe, config: string, layers: readonly string[]): string {
    const entry = {
        Config: `${config}.json`,
        RepoTags: [recipe.reference],
        Layers: layers.map((layer) => `${layer}/layer.tar`),
    };
    return JSON.stringify([entry]);
}

/** Writes an image archive that container runtimes import, from layer archives, the lowest first. */
export async function writeImageArchive(
    recipe: ImageRecipe,
    layerFiles: readonly string[],
    archive: string,
): Promise<void> {
    const stage = `${archive}.stage`;
    await mkdir(stage);
    const layers: string[] = [];
    for (const file of layerFiles) {
        const sum = await sha256OfFile(file);
        layers.push(sum);
        await mkdir(path.join(stage, sum));
        await link(file, path.join(stage, sum, "layer.tar"));
    }
    const config = renderImageConfig(recipe, layers);
    const configSum = createHash("sha256").update(config).digest("hex");
    await writeFile(path.join(stage, `${configSum}.json`), config);
    await writeFile(path.join(stage, "manifest.json"), renderImageManifest(recipe, configSum, layers));
    await tar(stage, archive, [`${configSum}.json`, "manifest.json", ...layers]);
    await rm(stage, { recursive: true });
}

/** sha256 of a file, as hex. */
export async function sha256OfFile(file: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
    return hash.digest("hex");
}
