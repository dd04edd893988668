import { randomBytes } from "node:crypto";
import { stringify } from "yaml";
import { flannelObjects } from "../../components/network/flannel";
import { throwIfStopping } from "../../lab/process";
import { execOk, type Remote } from "../../maintenance/ports/remote";
import { type ClusterConfig, type HostConfig, hostsWithRole } from "../../model/clusterConfig";
import { Duration } from "../../model/duration";
import { type JoinSecrets, caHashFrom, renderInit, renderJoin } from "./kubeadmConfig";
import { nodeNames, remoteHost, withSsh } from "./labHosts";
import { awaitComplete } from "./readiness";
import { type Creation, Stopwatch } from "./stopwatch";

const DEADLINE = Duration.parse("10m");
const CONFIG_FILE = "/root/kubeadm.yaml";
const withConfig = (command: string): string =>
    `umask 077; cat >${CONFIG_FILE} && ${command} --config ${CONFIG_FILE}; status=$?; rm -f ${CONFIG_FILE}; exit $status`;

/**
 * Creates a cluster on prepared hosts as kubeadm's pages say: init on the first control plane, the pod network, then every
 * other host joins, one after the other.
 * @throws RemoteError with the end of kubeadm's output
 */
export async function createByHand(config: ClusterConfig): Promise<Creation> {
    const [first, ...controlPlanes] = hostsWithRole(config, "control-plane");
    if (first === undefined) throw new Error("no control plane in the lab's configuration; expected at least one");
    const secrets = newSecrets();
    return withSsh(async (remote) => {
        const watch = new Stopwatch();
        const on = (host: HostConfig, command: string, stdin: string): Promise<string> => {
            throwIfStopping();
            return execOk(remote, remoteHost(host, config), command, { stdin, timeout: DEADLINE });
        };
        const printed = await watch.phase("init", () =>
            on(first, withConfig("kubeadm init --upload-certs"), renderInit(config, first, secrets)),
        );
        const caHash = caHashFrom(printed);
        await watch.phase("network", () => on(first, APPLY, podNetwork(config)));
        for (const host of [...controlPlanes, ...hostsWithRole(config, "worker")]) {
            const join = renderJoin(config, host, secrets, caHash);
            await watch.phase(`join ${host.name}`, () => on(host, withConfig("kubeadm join"), join));
        }
        await watch.phase("ready", () => complete(remote, first, config));
        return watch.creation();
    });
}

const APPLY = "kubectl --kubeconfig /etc/kubernetes/admin.conf apply -f -";

function complete(remote: Remote, first: HostConfig, config: ClusterConfig): Promise<void> {
    return awaitComplete(remote, remoteHost(first, config), nodeNames(config));
}

/** The same flannel that quorate applies. */
function podNetwork(config: ClusterConfig): string {
    return flannelObjects(config)
        .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
        .join("---\n");
}

function newSecrets(): JoinSecrets {
    return {
        token: `${randomBytes(3).toString("hex")}.${randomBytes(8).toString("hex")}`,
        certificateKey: randomBytes(32).toString("hex"),
    };
}
