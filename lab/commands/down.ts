import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { stackConfigFile } from "../cluster/pulumi";
import { removeHosts } from "../hosts";
import { whileLocked } from "../lock";
import { Progress } from "../progress";
import { statePath } from "../settings";

/** `npm run lab -- down`: removes everything but the cache, whatever state it is in. */
export async function down(): Promise<void> {
    await new Progress().during("lab removed", () =>
        whileLocked(async () => {
            // The stack's file is worth nothing without the state and the passphrase that go with the lab.
            if (existsSync(statePath("pulumi"))) await rm(stackConfigFile(), { force: true });
            await removeHosts();
        }),
    );
}
