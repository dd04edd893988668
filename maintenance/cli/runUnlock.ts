import { AVOIDED_TAINT } from "../ports/nodeControl";
import { systemClock } from "../workflow/clock";
import { unlock } from "../workflow/unlock";
import { EXIT } from "./exitCodes";
import type { Io } from "./io";
import { openMaintenanceCluster } from "./maintenanceCluster";
import { isDeadHere } from "./runLockOf";
import type { UnlockOptions } from "./unlockCommand";

/** Takes the lock from a silent run and tells what it may have left. @throws ConfigError, RefusedError */
export async function runUnlock(options: UnlockOptions, io: Io): Promise<number> {
    const cluster = await openMaintenanceCluster(options, io);
    try {
        const ports = cluster.ports(undefined, () => undefined);
        const left = await ports.mirror.read();
        const holder = await unlock({ store: ports.lease, clock: systemClock, runId: options.run, isDead: isDeadHere });
        const text = holder === undefined ? "nobody has the lock" : `the lock was taken from ${holder}`;
        io.stdout.write(`${text}\n`);
        if (left !== undefined) {
            io.stderr.write(
                `quorate: the run's last words: ${left}\nquorate: hosts that are not done may be cordoned, tainted ${AVOIDED_TAINT}, or set to maint or drain on the balancers: see \`quorate status\`\n`,
            );
        }
        return EXIT.ok;
    } finally {
        cluster.close();
    }
}
