import assert from "node:assert/strict";
import { labNetwork } from "../../../lab/topology";
import type { ClusterLab } from "../clusterLab";
import { healthy } from "./healthy";

export const HOSTS = ["lb1", "lb2", "cp1", "cp2", "cp3", "w1", "w2", "w3"];
const NODES = HOSTS.slice(2);
const BALANCERS = ["lb1", "lb2"];

/** The boots in which hosts are, by their names. */
export async function bootIds(lab: ClusterLab, hosts = HOSTS): Promise<ReadonlyMap<string, string>> {
    const read = async (host: string) => [host, await lab.on(host, "cat /proc/sys/kernel/random/boot_id")] as const;
    return new Map(await Promise.all(hosts.map(read)));
}

export interface Traces {
    readonly boots: ReadonlyMap<string, string>;
    readonly nodes: readonly { readonly node: string; readonly cordoned: boolean; readonly marks: readonly string[] }[];
    /** Of each balancer that was asked. */
    readonly servers: readonly string[];
}

/** Everything that a run changes on hosts, nodes and balancers, as it is now; to be compared with an earlier time. */
export async function traces(lab: ClusterLab, hosts = HOSTS): Promise<Traces> {
    const [boots, nodes, servers] = await Promise.all([
        bootIds(lab, hosts),
        nodeMarks(lab),
        Promise.all(BALANCERS.filter((name) => hosts.includes(name)).map((name) => serverStates(lab, name))),
    ]);
    return { boots, nodes, servers };
}

/** Who holds the lock of runs; empty when nobody does. */
export async function lockHolder(lab: ClusterLab): Promise<string> {
    const lease = ["-n", "kube-system", "get", "lease", "quorate-maintenance", "--ignore-not-found"];
    const { status, stdout, stderr } = await lab.kubectl(...lease, "-o", "jsonpath={.spec.holderIdentity}");
    assert.equal(status, 0, stderr);
    return stdout;
}

/** A run that is over has left nothing behind: everything is as it was before, and nobody has the lock. */
export async function unchanged(lab: ClusterLab, before: Traces): Promise<void> {
    assert.deepEqual(await traces(lab), before);
    assert.equal(await lockHolder(lab), "");
}

/** Nothing is cordoned or tainted by us, every server is in service, no connection is passed on, the cluster is healthy. */
export async function nothingLeft(lab: ClusterLab): Promise<void> {
    const format = "jsonpath={range .items[*]}{.metadata.name}:{.spec.unschedulable}:{.spec.taints[*].key} {end}";
    const nodes = await lab.kubectl("get", "nodes", "-o", format);
    for (const node of nodes.stdout.trim().split(" ")) {
        assert.match(node, /^(cp\d::node-role.kubernetes.io\/control-plane|w\d::)$/, nodes.stdout);
    }
    assert.equal(nodes.stdout.trim().split(" ").length, NODES.length);
    for (const balancer of BALANCERS) {
        assert.equal(
            await lab.on(balancer, "nft list tables | grep quorate | grep -vx 'table inet quorate' || true"),
            "",
        );
        assert.equal(await lab.on(balancer, `ip -o addr show lo | grep ${labNetwork.virtualAddress} || true`), "");
    }
    await healthy(lab);
    const { stdout } = await lab.quorate("status");
    assert.doesNotMatch(stdout, /maint|drain/);
}

interface NodeList {
    readonly items: readonly {
        readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
        readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly key: string }[] };
    }[];
}

/** Cordons, and quorate's own annotations and taints. Kubernetes taints a node that is not Ready by itself. */
async function nodeMarks(lab: ClusterLab) {
    const { status, stdout, stderr } = await lab.kubectl("get", "nodes", "-o", "json");
    assert.equal(status, 0, stderr);
    return (JSON.parse(stdout) as NodeList).items.map(({ metadata, spec }) => ({
        node: metadata.name,
        cordoned: spec.unschedulable === true,
        marks: [...Object.keys(metadata.annotations ?? {}), ...(spec.taints ?? []).map(({ key }) => key)].filter(
            (key) => key.startsWith("quorate.dev/"),
        ),
    }));
}

/** `backend server state` of every server, the state as people set it: 0 is ready. */
function serverStates(lab: ClusterLab, balancer: string): Promise<string> {
    return lab.on(balancer, `${SHOW_STATE} | awk '$4 ~ /^(cp|w)[0-9]/ { print $2, $4, $7 }'`);
}

/** Backend, name, operational and administrative state of servers are the fields 2, 4, 6 and 7. */
export const SHOW_STATE = "echo 'show servers state' | socat - UNIX-CONNECT:/run/haproxy/admin.sock";
