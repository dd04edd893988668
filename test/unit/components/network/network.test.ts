import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { corednsObjects, dnsAddress } from "../../../../components/network/coredns";
import { flannelObjects } from "../../../../components/network/flannel";
import { renderAddons } from "../../../../components/network/network";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { configWith } from "../../model/sampleConfig";

interface Container {
    readonly image: string;
    readonly args: readonly string[];
    readonly env?: readonly { name: string; value?: string; valueFrom?: unknown }[];
}
interface KubernetesObject {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
    readonly data?: Record<string, string>;
    readonly spec?: {
        readonly clusterIP?: string;
        readonly replicas?: number;
        readonly maxUnavailable?: number;
        readonly unhealthyPodEvictionPolicy?: string;
        readonly selector?: Record<string, unknown>;
        readonly template?: {
            readonly metadata: { readonly labels: Record<string, string> };
            readonly spec: {
                readonly containers: readonly Container[];
                readonly tolerations: readonly object[];
                readonly topologySpreadConstraints?: readonly { topologyKey: string; whenUnsatisfiable: string }[];
            };
        };
    };
}

const find = (objects: readonly object[], kind: string) => {
    const found = (objects as readonly KubernetesObject[]).find((object) => object.kind === kind);
    assert.ok(found, kind);
    return found;
};
const coredns = (kind: string, change?: (input: ClusterConfigInput) => void) =>
    find(corednsObjects(configWith(change)), kind);
const flannel = (kind: string, change?: (input: ClusterConfigInput) => void) =>
    find(flannelObjects(configWith(change)), kind);
const manifest = (change?: (input: ClusterConfigInput) => void) =>
    parseAllDocuments(renderAddons(configWith(change)).files?.[0]?.content ?? "").map((document) => {
        assert.deepEqual(document.errors, []);
        return document.toJS() as KubernetesObject;
    });

describe("flannel", () => {
    const network = (mode: "host-gw" | "vxlan") => {
        const { data } = flannel("ConfigMap", (input) => (input.network.mode = mode));
        return JSON.parse(data?.["net-conf.json"] ?? "") as unknown;
    };

    it("spans the pod network by routes or by vxlan", () => {
        const common = { Network: "10.244.0.0/16", EnableNFTables: true };
        assert.deepEqual(network("host-gw"), { ...common, Backend: { Type: "host-gw" } });
        assert.deepEqual(network("vxlan"), { ...common, Backend: { Type: "vxlan" } });
    });

    it("reaches the API at the endpoint, before kube-proxy is there (TRAPS 68)", () => {
        const env = flannel("DaemonSet").spec?.template?.spec.containers[0]?.env ?? [];
        const value = (name: string) => env.find((item) => item.name === name)?.value;
        assert.equal(value("KUBERNETES_SERVICE_HOST"), "10.89.0.10");
        assert.equal(value("KUBERNETES_SERVICE_PORT"), "6443");
    });

    it("runs on every node, tainted or not", () => {
        assert.deepEqual(flannel("DaemonSet").spec?.template?.spec.tolerations, [{ operator: "Exists" }]);
    });

    it("routes through the interface of the host's own address", () => {
        const [container] = flannel("DaemonSet").spec?.template?.spec.containers ?? [];
        assert.ok(container?.args.includes("--iface=$(HOST_IP)"));
        assert.ok(container?.env?.some(({ name }) => name === "HOST_IP"));
    });

    it("is left out when the user brings a network", () => {
        const names = manifest((input) => (input.network.mode = "none")).map(({ metadata }) => metadata.name);
        assert.ok(!names.includes("flannel"));
        assert.ok(names.includes("coredns"));
    });
});

describe("cluster DNS", () => {
    it("answers at the tenth service address, which kubelets tell their pods", () => {
        assert.equal(coredns("Service").spec?.clusterIP, "10.96.0.10");
        assert.equal(dnsAddress(configWith((input) => (input.network.services = "172.20.0.0/16"))), "172.20.0.10");
    });

    it("has two replicas on different nodes", () => {
        const { spec } = coredns("Deployment");
        assert.equal(spec?.replicas, 2);
        const [spread] = spec?.template?.spec.topologySpreadConstraints ?? [];
        assert.equal(spread?.topologyKey, "kubernetes.io/hostname");
        assert.equal(spread?.whenUnsatisfiable, "DoNotSchedule");
    });

    it("loses at most one replica at a time, and a broken one blocks no drain (TRAPS 31)", () => {
        const { spec } = coredns("PodDisruptionBudget");
        assert.equal(spec?.maxUnavailable, 1);
        assert.equal(spec?.unhealthyPodEvictionPolicy, "AlwaysAllow");
    });

    it("is selected by labels that its pods have", () => {
        const labels = coredns("Deployment").spec?.template?.metadata.labels;
        assert.deepEqual(coredns("Service").spec?.selector, labels);
        assert.deepEqual(coredns("PodDisruptionBudget").spec?.selector?.["matchLabels"], labels);
        assert.deepEqual(coredns("Deployment").spec?.selector?.["matchLabels"], labels);
    });

    it("serves the configured domain and goes on answering while it is forgotten", () => {
        const corefile =
            coredns("ConfigMap", (input) => (input.network.domain = "site.local")).data?.["Corefile"] ?? "";
        assert.match(corefile, /kubernetes site\.local in-addr\.arpa ip6\.arpa \{/);
        assert.match(corefile, /lameduck 5s/);
    });
});

describe("the add-ons", () => {
    it("are valid YAML with the versions of the configuration", () => {
        const images = manifest((input) => {
            input.versions.coredns = "1.13.1";
            input.versions.flannel = "0.27.0";
        }).flatMap((object) => object.spec?.template?.spec.containers.map(({ image }) => image) ?? []);
        assert.deepEqual(images, ["ghcr.io/flannel-io/flannel:v0.27.0", "registry.k8s.io/coredns/coredns:v1.13.1"]);
    });

    it("live in kube-system or have no namespace", () => {
        for (const { metadata, kind } of manifest()) {
            const global = ["ClusterRole", "ClusterRoleBinding"].includes(kind);
            assert.equal(metadata.namespace, global ? undefined : "kube-system", `${kind} ${metadata.name}`);
        }
    });
});
