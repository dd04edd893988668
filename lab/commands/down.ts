import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { stackConfigFile, stackName, workloadsStackName } from "../cluster/pulumi";
import { assertLabState } from "../hosts/claim";
import { removeHosts } from "../hosts";
import { whileLocked } from "../lock";
import { Progress } from "../progress";
import { statePath } from "../settings";

/** `npm run lab -- down`: removes everything but the cache, whatever state it is in. */
export async function down(): Promise<void> {
    await new Progress().during("lab removed", () =>
        whileLocked(async () => {
            await assertLabState();
            // The stacks' files are worth nothing without the state and the passphrase that go with the lab.
            const stacks = existsSync(statePath("pulumi")) ? [stackName(), workloadsStackName()] : [];
            await Promise.all(stacks.map((stack) => rm(stackConfigFile(stack), { force: true })));
            await removeHosts();
        }),
    );
}
