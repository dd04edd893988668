import { type ClusterLab, untilPrinted } from "../clusterLab";

const RECOVERY_MS = 180_000;

/** Waits until `quorate status` finds nothing wrong. @throws Error with the findings and what the hosts in them said last */
export async function healthy(lab: ClusterLab): Promise<void> {
    try {
        await untilPrinted("the cluster to be healthy again", RECOVERY_MS, () => lab.quorate("status"), /is healthy/);
    } catch (error) {
        const { stdout } = await lab.quorate("status");
        const findings = stdout.slice(stdout.indexOf("Findings"));
        const named = ["cp1", "cp2", "cp3"].filter((host) => findings.includes(`PROBLEM ${host}:`));
        const logs = await Promise.all(named.map((host) => lastWords(lab, host)));
        throw new Error(["the cluster is not healthy again", findings, ...logs].join("\n"), { cause: error });
    }
}

/** What a control plane's programs said last: the findings say that one does not answer, this says why. */
async function lastWords(lab: ClusterLab, host: string): Promise<string> {
    const pods = "/var/log/pods/kube-system";
    const logs = `${pods}_etcd-*/etcd/*.log ${pods}_kube-apiserver-*/kube-apiserver/*.log`;
    const command = `tail -n 10 ${logs} | cut -c 1-300; journalctl --unit kubelet --lines 10 --no-pager | cut -c 1-300`;
    return `${host}:\n${await lab.on(host, command).catch((error: unknown) => String(error))}`;
}
