import type { ClusterOptions } from "./commonOptions";
import { kubeconfigSource, outputsSource, sshIdentity } from "./clusterSource";
import { EXIT } from "./exitCodes";
import type { Io } from "./io";
import type { ClusterPorts } from "../facts/clusterPorts";
import { gatherFacts } from "../facts/gatherFacts";
import { openApiServers } from "../ports/apiServer";
import { openCertificates } from "../ports/certificates";
import { openEtcd } from "../ports/etcd";
import { readKubeconfig, type ClusterAccess } from "../ports/kubeconfig";
import { openKubernetes } from "../ports/kubernetes";
import { openLoadBalancers } from "../ports/loadBalancer";
import type { Remote } from "../ports/remote";
import { openSsh } from "../ports/ssh";
import { readStackOutputs } from "../ports/stackOutputs";
import { openSystemd } from "../ports/systemd";
import { paintFor } from "../report/paint";
import { statusReport } from "../report/statusReport";
import { statusTable } from "../report/statusTable";
import type { Duration } from "../../model/duration";
import { systemClock } from "../workflow/clock";

/** Part of an answer's time that dialling may use up, so that a dead host is told as such and not as a late answer. */
const DIAL_SHARE = 0.7;

/** Observes the cluster, prints the report and returns the exit status. @throws ConfigError */
export async function runStatus(options: ClusterOptions, io: Io): Promise<number> {
    const outputs = await readStackOutputs(outputsSource(options));
    const access = readKubeconfig(kubeconfigSource(options, outputs, io.environment));
    const remote = openSsh({
        identity: sshIdentity(options, io.environment),
        proxy: outputs.inventory.proxy,
        dialTimeout: options.timeout.times(DIAL_SHARE),
    });
    try {
        const { inventory } = outputs;
        const ports = openPorts(remote, access, options.timeout);
        const facts = await gatherFacts(inventory, ports, { timeout: options.timeout, clock: systemClock });
        const report = statusReport({ inventory, facts });
        const text = options.json
            ? JSON.stringify(report, null, 2)
            : statusTable(report, paintFor(io.stdout, io.environment));
        io.stdout.write(`${text}\n`);
        return report.healthy ? EXIT.ok : EXIT.unhealthy;
    } finally {
        remote.close();
    }
}

function openPorts(remote: Remote, access: ClusterAccess, timeout: Duration): ClusterPorts {
    return {
        systemd: openSystemd(remote),
        certificates: openCertificates(remote),
        etcd: openEtcd(remote),
        loadBalancers: openLoadBalancers(remote),
        apiServers: openApiServers(access.certificateAuthority, timeout),
        kubernetes: openKubernetes(access, timeout),
    };
}
