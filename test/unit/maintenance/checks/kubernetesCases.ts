import { answered, unanswered } from "../../../../maintenance/facts/answer";
import { NOW } from "../../../fakes/sampleFacts";
import { status, api, kubernetes, type Case } from "./changes";

/** One failing case for each finding. */
export const kubernetesCases: readonly Case[] = [
    {
        check: "leases",
        when: "nobody holds one",
        change: kubernetes(({ leases }) => ({
            leases: leases.map((lease, index) => (index === 0 ? { ...lease, holder: "" } : lease)),
        })),
        severity: "problem",
        says: /^kube-scheduler: nobody holds its lease/,
    },
    {
        check: "leases",
        when: "its holder is no declared control plane",
        change: kubernetes(({ leases }) => ({
            leases: leases.map((lease, index) => (index === 0 ? { ...lease, holder: "w1_77" } : lease)),
        })),
        severity: "problem",
        says: /^kube-scheduler: its lease is held by w1_77/,
    },
    {
        check: "leases",
        when: "it is not renewed",
        change: kubernetes(({ leases }) => ({
            leases: leases.map((lease, index) =>
                index === 1 ? { ...lease, renewedAt: new Date(NOW.getTime() - 45_000) } : lease,
            ),
        })),
        severity: "problem",
        says: /^kube-controller-manager: cp2 holds its lease but has not renewed it for 45 s; expected .* within 15 s/,
    },
    {
        check: "nodes",
        when: "a node is not Ready",
        change: kubernetes(({ nodes }) => ({
            nodes: nodes.map((node) =>
                node.name === "w1" ? { ...node, ready: false, notReadyReason: "Kubelet stopped posting" } : node,
            ),
        })),
        severity: "problem",
        says: /^w1: the node is not Ready \(Kubelet stopped posting\)/,
    },
    {
        check: "nodes",
        when: "a node is missing",
        change: kubernetes(({ nodes }) => ({ nodes: nodes.filter(({ name }) => name !== "w3") })),
        severity: "problem",
        says: /^w3: the cluster has no such node/,
    },
    {
        check: "nodes",
        when: "there is an undeclared node",
        change: kubernetes(({ nodes }) => ({
            nodes: nodes.flatMap((node) => (node.name === "w3" ? [node, { ...node, name: "w9" }] : node)),
        })),
        severity: "problem",
        says: /^w9: the node is not in the inventory/,
    },
    {
        check: "nodes",
        when: "a node is cordoned",
        change: kubernetes(({ nodes }) => ({
            nodes: nodes.map((node) => (node.name === "w2" ? { ...node, cordoned: true } : node)),
        })),
        severity: "warning",
        says: /^w2: the node is cordoned; .*kubectl uncordon w2/,
    },
    {
        check: "nodes",
        when: "no API server answers",
        change: () => ({ kubernetes: unanswered("connect ETIMEDOUT") }),
        severity: "problem",
        says: /no API server tells the nodes \(connect ETIMEDOUT\)/,
    },
    {
        check: "versions",
        when: "a kubelet has another version",
        change: kubernetes(({ nodes }) => ({
            nodes: nodes.map((node) => (node.name === "w2" ? { ...node, kubeletVersion: "v1.36.1" } : node)),
        })),
        severity: "problem",
        says: /^w2: kubelet is v1\.36\.1; expected v1\.36\.3/,
    },
    {
        check: "versions",
        when: "an API server has another version",
        change: api(({ versions }) => ({ versions: { ...versions, cp3: answered("v1.35.4") } })),
        severity: "problem",
        says: /^cp3: kube-apiserver is v1\.35\.4; expected v1\.36\.3/,
    },
    {
        check: "versions",
        when: "etcd has another version",
        change: status("cp1", { version: "3.5.26" }),
        severity: "problem",
        says: /^cp1: etcd is 3\.5\.26; expected 3\.6\.16/,
    },
    {
        check: "daemonsets",
        when: "one is not ready everywhere",
        change: kubernetes(({ daemonSets }) => ({
            daemonSets: daemonSets.map((set) => (set.name === "kube-proxy" ? { ...set, ready: 5 } : set)),
        })),
        severity: "problem",
        says: /^DaemonSet kube-system\/kube-proxy: 5 of 6 pods are ready/,
    },
];
