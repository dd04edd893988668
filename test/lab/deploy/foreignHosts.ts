import { imageReference } from "../../../lab/artifacts/imageCatalogue";
import type { ClusterLab } from "../clusterLab";

/** A host that belongs to somebody else, and what a refusal of it has to say. */
export interface ForeignHost {
    readonly name: string;
    /** Makes it that, as root. */
    readonly made: string;
    /** Everything that speaks against it; each must be told, all at once. */
    readonly objections: readonly RegExp[];
}

const listening = (port: number) =>
    `systemd-run --quiet --unit=others-${port} socat TCP-LISTEN:${port},fork,reuseaddr EXEC:/bin/true`;
/** The node of another cluster, to which the bundle's programs are the other cluster's. */
const NODE = `set -eu
mkdir -p /etc/kubernetes/pki /etc/kubernetes/manifests /etc/cni/net.d
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 10 -subj /CN=somebody-else -keyout /tmp/ca.key -out /etc/kubernetes/pki/ca.crt 2>/dev/null
printf 'apiVersion: v1\\nkind: Config\\nclusters: [{name: theirs, cluster: {server: "https://192.0.2.1:6443"}}]\\n' >/etc/kubernetes/kubelet.conf
printf '{"cniVersion": "1.0.0", "name": "theirs", "plugins": []}\\n' >/etc/cni/net.d/10-theirs.conflist
printf 'kind: KubeletConfiguration\\n' >/var/lib/kubelet/config.yaml
`;
const CONTAINER = `systemd-run --quiet --unit=others-containerd --setenv=PATH=/opt/quorate/bundle/bin:/usr/sbin:/usr/bin /opt/quorate/bundle/bin/containerd
ctr() { /opt/quorate/bundle/bin/ctr --namespace k8s.io "$@"; }
timeout 60 sh -c 'until /opt/quorate/bundle/bin/ctr version >/dev/null 2>&1; do sleep 0.2; done'
ctr run --detach ${imageReference("agnhost")} theirs /agnhost pause
`;
const ETCD_DATA = `mkdir -p /var/lib/etcd/member/snap
head -c 65536 /dev/urandom >/var/lib/etcd/member/snap/db
chmod -R go-rwx /var/lib/etcd
`;
const OF_NODE = [/kubelet\.conf/, /10-theirs\.conflist/];

/** One for each role; of control planes two, as their number has to stay odd. */
export const FOREIGN: readonly ForeignHost[] = [
    {
        name: "w4",
        made: `${NODE}${CONTAINER}echo 'kind: Pod' >/etc/kubernetes/manifests/theirs.yaml
${listening(10250)}`,
        objections: [...OF_NODE, /manifests/, /container/i, /10250/],
    },
    {
        name: "cp4",
        made: `${NODE}${ETCD_DATA}cp /tmp/ca.key /etc/kubernetes/pki/ca.key
echo 'kind: Pod' >/etc/kubernetes/manifests/etcd.yaml
${listening(10250)}
${listening(2379)}`,
        objections: [...OF_NODE, /manifests/, /\/etc\/kubernetes\/pki/, /\/var\/lib\/etcd/, /10250/, /2379/],
    },
    { name: "cp5", made: `set -eu\n${ETCD_DATA}`, objections: [/\/var\/lib\/etcd/] },
    { name: "lb3", made: `${NODE}${listening(8404)}`, objections: [/kubelet\.conf/, /8404/] },
];

/** Makes all of them what they are; the hosts run. */
export async function makeForeign(lab: ClusterLab): Promise<void> {
    for (const { name, made } of FOREIGN) await lab.on(name, made);
}
