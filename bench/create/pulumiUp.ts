import { projectDirectory, pulumiEnvironment, stackName } from "../../lab/cluster/pulumi";
import { LabError } from "../../lab/errors";
import { finish } from "../../lab/process";
import { type ResourceStep, type StampedLine, engineErrors, resourceSteps } from "./engineEvents";
import { Stopwatch } from "./stopwatch";

/** One `pulumi up`, measured. */
export interface MeasuredUp {
    /** Seconds from its start to its end. */
    readonly seconds: number;
    /** In seconds since the start. */
    readonly steps: readonly ResourceStep[];
}

/**
 * Runs `pulumi up --yes --skip-preview` on the lab's stack, as `npm run lab` does.
 * @param targets values of `--target`; everything when there is none
 * @throws LabError with what the engine complained about
 */
export async function pulumiUp(targets: readonly string[] = []): Promise<MeasuredUp> {
    const env = await pulumiEnvironment();
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--json", "--stack", stackName()];
    const lines: StampedLine[] = [];
    const watch = new Stopwatch();
    const { status, stderr } = await finish("pulumi", [...args, ...targets.flatMap((urn) => ["--target", urn])], {
        cwd: projectDirectory,
        env,
        onLine: (text) => lines.push({ text, at: watch.elapsed() }),
    });
    const seconds = watch.elapsed();
    if (status === 0) return { seconds, steps: resourceSteps(lines) };
    const said = [...engineErrors(lines), stderr.trim()].filter((text) => text !== "").join("\n");
    throw new LabError(`pulumi up ended with status ${status}:\n${said}`);
}
