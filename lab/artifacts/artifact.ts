import { ensureCached } from "../cache";
import type { Progress } from "../progress";
import { ensurePrograms } from "../programs";
import { recipeHash } from "../settings";
import type { Artifact } from "./catalogue";
import { buildWithGo, goRecipe } from "./goBuild";
import { downloadRelease, releaseIsReachable } from "./release";

/** The cache folder with an artifact's programs: downloaded where its project's site answers, built where not. */
export async function ensureArtifact(artifact: Artifact, progress: Progress): Promise<string> {
    return ensureCached(await artifactEntry(artifact), async (directory) => {
        const title = `${artifact.name} ${artifact.version}`;
        if (await releaseIsReachable(artifact)) {
            await progress.during(`${title}, downloaded`, (detail) => downloadRelease(artifact, directory, detail));
        } else {
            if (artifact.build.staticC) await ensurePrograms(["gcc"], progress);
            await progress.during(`${title}, built from Go modules`, (detail) =>
                buildWithGo(artifact, directory, detail),
            );
        }
    });
}

/** Name of an artifact's cache entry. */
export async function artifactEntry({ name, version, build }: Artifact): Promise<string> {
    return `artifacts/${name}-${version}-${recipeHash(await goRecipe(build))}`;
}
