import path from "node:path";
import { bundleDirectory } from "../../lab/artifacts/bundle";
import { kubeconfigPath } from "../../lab/environment";
import { LabError } from "../../lab/errors";
import { tail } from "../../maintenance/ports/remote";
import { type ProgramOptions, runProgram } from "./runProgram";

/** kubectl of the lab's bundle as the cluster's administrator. */
export type Kubectl = (args: readonly string[], options?: Pick<ProgramOptions, "input" | "stop">) => Promise<void>;

/** @throws LabError when the lab has no bundle; the returned function throws LabError with the end of kubectl's output */
export async function openKubectl(): Promise<Kubectl> {
    const bundle = await bundleDirectory();
    if (bundle === undefined) throw new LabError("the lab has no bundle with kubectl in it; make it: npm run lab");
    const program = path.join(bundle, "bin", "kubectl");
    return async (args, options = {}) => {
        const access = ["--kubeconfig", kubeconfigPath()];
        const { status, stdout, stderr } = await runProgram(program, [...access, ...args], options);
        if (status === 0) return;
        throw new LabError(
            `kubectl ${args.join(" ")} ended with status ${status}; expected 0: ${tail(stderr || stdout)}`,
        );
    };
}
