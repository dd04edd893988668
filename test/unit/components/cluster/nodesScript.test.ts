import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { renderNodes } from "../../../../components/cluster/nodesScript";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { configWith } from "../../model/sampleConfig";

interface NodeObject {
    readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}

function nodes(change?: (input: ClusterConfigInput) => void) {
    const [labels, taints] = renderNodes(configWith(change)).files ?? [];
    const objects = parseAllDocuments(labels?.content ?? "").map((document) => document.toJS() as NodeObject);
    return {
        labels: new Map(objects.map(({ metadata }) => [metadata.name, metadata.labels])),
        taints: new Map(
            (taints?.content ?? "")
                .trimEnd()
                .split("\n")
                .map((line) => [line.split(" ")[0], line.split(" ").slice(1).join(" ")]),
        ),
    };
}

describe("labels and taints of nodes", () => {
    it("are given to every node and to no balancer", () => {
        assert.deepEqual([...nodes().labels.keys()], ["cp1", "cp2", "cp3", "w1", "w2", "w3"]);
        assert.deepEqual([...nodes().taints.keys()], ["cp1", "cp2", "cp3", "w1", "w2", "w3"]);
    });

    it("mark control planes, which take no ordinary pods unless asked to", () => {
        assert.equal(nodes().labels.get("cp1")?.["node-role.kubernetes.io/control-plane"], "");
        assert.equal(nodes().taints.get("cp1"), "node-role.kubernetes.io/control-plane=:NoSchedule");
        assert.equal(nodes((input) => (input.schedulePodsOnControlPlanes = true)).taints.get("cp1"), "");
    });

    it("mark workers with their pool, its labels and taints", () => {
        const { labels, taints } = nodes((input) => {
            input.pools = [
                {
                    name: "gpu",
                    labels: { "example.com/gpu": "a100" },
                    taints: [
                        { key: "gpu", value: "yes", effect: "NoSchedule" },
                        { key: "spot", effect: "PreferNoSchedule" },
                    ],
                },
            ];
            for (const host of input.hosts) if (host.name === "w2") host.pool = "gpu";
        });
        assert.deepEqual(labels.get("w2"), {
            "node-role.kubernetes.io/worker": "",
            "quorate.dev/pool": "gpu",
            "example.com/gpu": "a100",
        });
        assert.equal(taints.get("w2"), "gpu=yes:NoSchedule spot=:PreferNoSchedule");
        assert.equal(labels.get("w1")?.["quorate.dev/pool"], "default");
        assert.equal(taints.get("w1"), "");
    });

    it("tell zones and who carries the ingress proxy", () => {
        const { labels } = nodes((input) => {
            for (const host of input.hosts) host.zone = host.name.endsWith("1") ? "a" : "b";
            input.endpoint.ingressHosts = ["w1"];
        });
        assert.equal(labels.get("w1")?.["topology.kubernetes.io/zone"], "a");
        assert.equal(labels.get("w1")?.["node-role.kubernetes.io/ingress"], "");
        assert.equal(labels.get("cp2")?.["node-role.kubernetes.io/ingress"], undefined);
    });
});
