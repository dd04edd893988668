import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { caHashFrom, renderInit, renderJoin } from "../../../bench/create/kubeadmConfig";
import { labClusterConfig } from "../../../lab/cluster/stackConfig";
import { labHosts } from "../../../lab/topology";
import { type ClusterConfig, parseClusterConfig } from "../../../model/clusterConfig";
import { artifactVersions } from "../../../lab/artifacts/versions";

const secrets = { token: "abcdef.0123456789abcdef", certificateKey: "0".repeat(64) };
const hash = `sha256:${"a".repeat(64)}`;

function clusterConfig(cgroupV1: boolean): ClusterConfig {
    const hosts = labHosts.map((host) => ({ ...host, hostKey: `ssh-ed25519 ${"A".repeat(68)}` }));
    return parseClusterConfig(labClusterConfig(hosts, "b".repeat(64), cgroupV1));
}

function find(config: ClusterConfig, name: string) {
    return config.hosts.find((host) => host.name === name)!;
}

function documents(text: string): Record<string, Record<string, unknown>> {
    const all = parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>);
    return Object.fromEntries(all.map((document) => [document["kind"], document]));
}

describe("bench kubeadm by hand", () => {
    it("is given kubeadm's defaults, the lab's addresses and the images that the hosts hold", () => {
        const config = clusterConfig(true);
        const init = documents(renderInit(config, find(config, "cp1"), secrets));
        assert.deepEqual(init["ClusterConfiguration"], {
            apiVersion: "kubeadm.k8s.io/v1beta4",
            kind: "ClusterConfiguration",
            kubernetesVersion: "v1.36.3",
            controlPlaneEndpoint: "10.89.0.10:6443",
            networking: { podSubnet: "10.244.0.0/16" },
            dns: { imageTag: `v${artifactVersions.coredns}` },
            etcd: { local: { imageTag: `${artifactVersions.etcd}-0` } },
        });
    });

    it("lets the kubelet run on cgroup v1 only where the machine does", () => {
        const kubelet = (cgroupV1: boolean) => {
            const config = clusterConfig(cgroupV1);
            return documents(renderInit(config, find(config, "cp1"), secrets))["KubeletConfiguration"]!;
        };
        assert.equal(kubelet(true)["failCgroupV1"], false);
        assert.ok(!("failCgroupV1" in kubelet(false)));
    });

    it("ignores preflight checks by name only", () => {
        const config = clusterConfig(true);
        const { nodeRegistration } = documents(renderInit(config, find(config, "cp1"), secrets))["InitConfiguration"]!;
        const { ignorePreflightErrors } = nodeRegistration as { ignorePreflightErrors: string[] };
        assert.ok(ignorePreflightErrors.length > 0);
        assert.ok(!ignorePreflightErrors.some((name) => name.toLowerCase() === "all"));
    });

    it("joins control planes with the certificate key, workers without, both with the CA's hash", () => {
        const config = clusterConfig(true);
        const join = (name: string) =>
            documents(renderJoin(config, find(config, name), secrets, hash))["JoinConfiguration"]!;
        assert.deepEqual(join("cp2")["controlPlane"], {
            certificateKey: secrets.certificateKey,
            localAPIEndpoint: { advertiseAddress: "10.89.0.22" },
        });
        assert.ok(!("controlPlane" in join("w1")));
        assert.deepEqual(join("w1")["discovery"], {
            bootstrapToken: {
                apiServerEndpoint: "10.89.0.10:6443",
                token: secrets.token,
                caCertHashes: [hash],
            },
        });
    });

    it("reads the CA's hash from what init prints", () => {
        const printed = `  kubeadm join 10.89.0.10:6443 --token x \\\n\t--discovery-token-ca-cert-hash ${hash} \\\n`;
        assert.equal(caHashFrom(printed), hash);
        assert.throws(() => caHashFrom("nothing"), /no CA hash/);
    });
});
