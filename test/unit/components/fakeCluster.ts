import type { BashHost } from "./bashHost";

/** An etcd member as the rest of the cluster sees it. */
export interface FakeMember {
    readonly name: string;
    readonly address: string;
    readonly learner?: boolean;
    /** Added, and its process has never run. */
    readonly unstarted?: boolean;
    /** Its process is gone. */
    readonly dead?: boolean;
}

export interface FakeNode {
    readonly name: string;
    readonly address: string;
    readonly ready?: boolean;
}

/** What the host under test can see of the cluster. */
export interface FakeCluster {
    readonly members?: readonly FakeMember[];
    readonly nodes?: readonly FakeNode[];
}

const MEMBERS = "/cluster/members";
const NODES = "/cluster/nodes";
const TOKENS = "/cluster/tokens";

/**
 * etcdctl, kubeadm, kubectl and curl of a cluster with memory. It keeps members, nodes and tokens below /cluster, changes
 * them as the real programs do, and refuses what etcd refuses: to list or change members without quorum, to add one while a
 * voter is silent or another learner is there.
 */
export function fakeCluster(host: BashHost, { members = [], nodes = [] }: FakeCluster): void {
    host.write(MEMBERS, members.map(memberLine).join(""));
    host.write(NODES, nodes.map(({ name, address, ready }) => `${name}|${address}|${ready ?? true}\n`).join(""));
    host.write(TOKENS, "");
    host.fake("etcdctl", etcdctl(host));
    host.fake("kubeadm", kubeadm(host));
    host.fake("kubectl", kubectl(host));
    host.fake("curl");
}

/** Members by name, each with what it is. */
export function membersOf(host: BashHost): Readonly<Record<string, string>> {
    const lines = host.read(MEMBERS).split("\n").filter(Boolean);
    return Object.fromEntries(
        lines.map((line) => {
            const [, name = "", address = "", , alive = "", learner = ""] = line.split("|");
            return [name || address, learner === "true" ? "learner" : alive === "true" ? "voter" : "silent"];
        }),
    );
}

export const nodesOf = (host: BashHost) =>
    host
        .read(NODES)
        .split("\n")
        .filter(Boolean)
        .map((line) => line.split("|")[0] ?? "");

export const tokensOf = (host: BashHost) => host.read(TOKENS).split("\n").filter(Boolean);

/** id, name, address, started, alive, learner. */
function memberLine({ name, address, learner, unstarted, dead }: FakeMember): string {
    const alive = !dead && !unstarted;
    return `${idOf(address)}|${unstarted ? "" : name}|${address}|${!unstarted}|${alive}|${learner ?? false}\n`;
}

const idOf = (address: string) => `1d${address.split(".").at(-1)}`;

const quorum = (members: string) => `
voters() { awk -F'|' '$6 == "false"' ${members} | wc -l; }
healthy() { awk -F'|' '$6 == "false" && $5 == "true"' ${members} | wc -l; }
has_quorum() { [ "$(healthy)" -ge $(($(voters) / 2 + 1)) ] || { echo "context deadline exceeded" >&2; exit 1; }; }
`;

function etcdctl(host: BashHost): string {
    const members = `"${host.at(MEMBERS)}"`;
    return `${quorum(members)}
endpoints= words=()
while [ $# -gt 0 ]; do
    case $1 in
        --endpoints) endpoints=$2; shift ;;
        --*-timeout) shift ;;
        *) words+=("$1") ;;
    esac
    shift
done
alive=
for endpoint in \${endpoints//,/ }; do
    address=\${endpoint#https://}
    grep -qF "|\${address%:2379}|true|true|" ${members} && alive=1
done
case "\${words[*]}" in
    "endpoint health")
        # All that are asked must answer with a linearizable read, which a learner cannot.
        for endpoint in \${endpoints//,/ }; do
            address=\${endpoint#https://}
            grep -qF "|\${address%:2379}|true|true|false" ${members} || { echo "$endpoint is unhealthy: failed to commit proposal" >&2; exit 1; }
        done
        has_quorum ;;
    "member list"*)
        [ -n "$alive" ] || { echo "{\\"level\\":\\"warn\\"}"  >&2; echo "Error: context deadline exceeded" >&2; exit 1; }
        has_quorum
        while IFS='|' read -r id name address started alive learner; do
            if [ "$started" = true ]; then
                echo "$id, started, $name, https://$address:2380, https://$address:2379, $learner"
            else
                echo "$id, unstarted, , https://$address:2380, , $learner"
            fi
        done <${members} ;;
    "member remove"*)
        [ -n "$alive" ] || { echo "Error: context deadline exceeded" >&2; exit 1; }
        has_quorum
        grep -q "^\${words[2]}|" ${members} || { echo "Error: etcdserver: member not found" >&2; exit 1; }
        sed -i "/^\${words[2]}|/d" ${members} ;;
    *) echo "etcdctl: unknown \${words[*]}" >&2; exit 1 ;;
esac`;
}

function kubeadm(host: BashHost): string {
    const [members, nodes, tokens] = [MEMBERS, NODES, TOKENS].map((path) => `"${host.at(path)}"`);
    const kubernetes = host.at("/etc/kubernetes");
    return `${quorum(members ?? "")}
kubernetes="${kubernetes}"
join() {
    local config name address kubelet=1
    config=$3
    [[ "$*" == *kubelet-start* ]] && kubelet=
    name=$(sed -n 's/^  name: //p' "$config")
    address=$(sed -n 's/^ *advertiseAddress: //p' "$config")
    [ -n "$kubelet" ] && grep -q "^$name|.*|true" ${nodes} && { echo "a Node with name $name and status Ready already exists in the cluster" >&2; exit 1; }
    mkdir -p "$kubernetes/manifests"
    if [ -n "$address" ]; then
        echo admin >"$kubernetes/admin.conf"
        if ! grep -qF "|$address|" ${members}; then
            [ "$(healthy)" = "$(voters)" ] && ! grep -q "true$" ${members} || { echo "etcdserver: unhealthy cluster" >&2; exit 1; }
            echo "1d\${address##*.}|$name|$address|true|true|true" >>${members}
        fi
        mkdir -p "${host.at("/var/lib/etcd/member")}"
        for pod in etcd kube-apiserver kube-controller-manager kube-scheduler; do echo "$pod" >"$kubernetes/manifests/$pod.yaml"; done
        sed -i "s/^\\([^|]*|[^|]*|$address|true\\)|.*/\\1|true|false/" ${members}
    fi
    echo kubelet >"$kubernetes/kubelet.conf"
    grep -q "^$name|" ${nodes} || echo "$name|\${address:-none}|true" >>${nodes}
}
case "$*" in
    "join "*) join "$@" ;;
    "kubeconfig user "*) echo "client-key-data: short" ;;
    "token create "*)
        token=$(printf 'abc%03d.0123456789abcdef' $(($(wc -l <${tokens}) + 1)))
        echo "$token" >>${tokens}
        echo "$token" ;;
    "token delete "*) sed -i "/^$3/d" ${tokens} ;;
    "init phase certs etcd-healthcheck-client "*) mkdir -p "$kubernetes/pki/etcd"; echo client >"$kubernetes/pki/etcd/healthcheck-client.crt" ;;
esac`;
}

function kubectl(host: BashHost): string {
    const nodes = `"${host.at(NODES)}"`;
    return `
while [[ \${1:-} == --* ]]; do case $1 in *=*) shift ;; *) shift 2 ;; esac; done
case "$*" in
    "get node "*) awk -F'|' -v name="$3" '$1 == name { print $1, $2 }' ${nodes} ;;
    "delete node "*) sed -i "/^$3|/d" ${nodes} ;;
    "auth can-i "*) echo yes ;;
esac`;
}
