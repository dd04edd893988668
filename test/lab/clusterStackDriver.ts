import { ensureCompiled } from "../../lab/cluster/compiled";
import { writeClusterStack } from "../../lab/cluster/stack";
import { labClusterConfig } from "../../lab/cluster/stackConfig";
import { hostInventory } from "../../lab/hosts";
import { machineFacts } from "../../lab/machine";
import { prepareLab } from "../../lab/prepare";
import { Progress } from "../../lab/progress";

/** Writes the stack of a cluster of some of the lab's hosts, run as a process in the lab's network: HOST,HOST,... */
async function main([names = ""]: readonly string[]): Promise<void> {
    const progress = new Progress();
    const { bundle } = await prepareLab(progress);
    await ensureCompiled(progress);
    const { cgroupVersion } = await machineFacts();
    const hosts = await hostInventory();
    await writeClusterStack(labClusterConfig(hosts, bundle.sha256sums, cgroupVersion === 1, names.split(",")));
}

void main(process.argv.slice(2));
