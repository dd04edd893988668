import { bundleDirectory } from "../artifacts/bundle";
import { pulumiEnvironment } from "../cluster/pulumi";
import { labEnvironment, renderExports } from "../environment";

/** `eval "$(npm run --silent lab -- env)"`: a shell that works on the lab's cluster. */
export async function env(): Promise<void> {
    const { PATH, ...pulumi } = await pulumiEnvironment();
    const added = PATH === undefined ? {} : { PATH: PATH.slice(0, PATH.indexOf(":")) };
    process.stdout.write(renderExports(labEnvironment(await bundleDirectory(), { ...pulumi, ...added })));
}
