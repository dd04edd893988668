import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import {
    renderClusterConfig,
    renderFoundingConfig,
    renderInitialiseConfig,
    renderJoinConfig,
} from "../../../../components/controlPlane/kubeadmConfig";
import type { ClusterConfig, ClusterConfigInput, HostConfig } from "../../../../model/clusterConfig";
import { configWith, hostInput } from "../../model/sampleConfig";

interface Argument {
    readonly name: string;
    readonly value: string;
}
interface KubeadmDocument {
    readonly kind: string;
    readonly apiVersion: string;
    readonly [field: string]: unknown;
}

const host = (config: ClusterConfig, name: string): HostConfig => {
    const found = config.hosts.find((item) => item.name === name);
    assert.ok(found);
    return found;
};
const documents = (text: string) =>
    parseAllDocuments(text).map((document) => {
        assert.deepEqual(document.errors, []);
        return document.toJS() as KubeadmDocument;
    });
const kind = (text: string, wanted: string) => {
    const found = documents(text).find((document) => document.kind === wanted);
    assert.ok(found, wanted);
    return found;
};
/** The value below some keys. */
const at = (document: object, ...keys: readonly string[]) =>
    keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
const flags = (document: object, ...keys: readonly string[]) =>
    Object.fromEntries((at(document, ...keys, "extraArgs") as Argument[]).map(({ name, value }) => [name, value]));

const cluster = (change?: (input: ClusterConfigInput) => void) => {
    const config = configWith(change);
    return kind(renderClusterConfig(config, host(config, "cp1")), "ClusterConfiguration");
};

describe("kubeadm's cluster configuration", () => {
    it("consists of the documents that kubeadm reads, in versions it knows", () => {
        const config = configWith();
        assert.deepEqual(
            documents(renderClusterConfig(config, host(config, "cp1"))).map(
                (item) => `${item.apiVersion} ${item.kind}`,
            ),
            [
                "kubeadm.k8s.io/v1beta4 InitConfiguration",
                "kubeadm.k8s.io/v1beta4 ClusterConfiguration",
                "kubelet.config.k8s.io/v1beta1 KubeletConfiguration",
                "kubeproxy.config.k8s.io/v1alpha1 KubeProxyConfiguration",
            ],
        );
    });

    it("points everybody at the endpoint, and the certificates cover all ways to it (TRAPS 54)", () => {
        const document = cluster((input) => (input.endpoint.certificateNames = ["api.example", "10.89.0.10"]));
        assert.equal(document["controlPlaneEndpoint"], "10.89.0.10:6443");
        assert.deepEqual(at(document, "apiServer", "certSANs"), [
            "10.89.0.10",
            "lb1",
            "10.89.0.11",
            "lb2",
            "10.89.0.12",
            "api.example",
        ]);
    });

    it("has the versions and networks of the configuration", () => {
        const document = cluster((input) => (input.versions.etcd = "3.6.9"));
        assert.equal(document["kubernetesVersion"], "v1.36.3");
        assert.equal(at(document, "etcd", "local", "imageTag"), "3.6.9-0");
        assert.deepEqual(document["networking"], {
            podSubnet: "10.244.0.0/16",
            serviceSubnet: "10.96.0.0/12",
            dnsDomain: "cluster.local",
        });
    });

    it("lets API servers leave slowly enough for the balancers (TRAPS 18)", () => {
        const args = flags(
            cluster((input) => (input.apiServer = { shutdownDelay: "12s" })),
            "apiServer",
        );
        assert.equal(args["shutdown-delay-duration"], "12s");
        assert.equal(args["shutdown-send-retry-after"], "true");
    });

    it("keeps an audit log and encrypts Secrets at rest", () => {
        const args = flags(
            cluster((input) => (input.apiServer = { auditLogMaxAgeDays: 7 })),
            "apiServer",
        );
        assert.equal(args["encryption-provider-config"], "/etc/kubernetes/quorate/encryption.yaml");
        assert.equal(args["authentication-config"], "/etc/kubernetes/quorate/authentication.yaml");
        assert.equal(args["audit-policy-file"], "/etc/kubernetes/quorate/audit-policy.yaml");
        assert.equal(args["audit-log-path"], "/var/log/kubernetes/audit/audit.log");
        assert.equal(args["audit-log-maxage"], "7");
        assert.deepEqual(
            (at(cluster(), "apiServer", "extraVolumes") as { mountPath: string }[]).map(({ mountPath }) => mountPath),
            ["/etc/kubernetes/quorate", "/var/log/kubernetes/audit"],
        );
    });

    it("moves clients between API servers, but not where there is one only (TRAPS 23)", () => {
        const one = (input: ClusterConfigInput) =>
            (input.hosts = input.hosts.filter((item) => !["cp2", "cp3"].includes(item.name)));
        assert.equal(flags(cluster(), "apiServer")["goaway-chance"], "0.001");
        assert.ok(!("goaway-chance" in flags(cluster(one), "apiServer")));
    });

    it("says the lease times of both leader elections", () => {
        const document = cluster(
            (input) => (input.leaderElection = { leaseDuration: "8s", renewDeadline: "5s", retryPeriod: "1s" }),
        );
        for (const component of ["controllerManager", "scheduler"]) {
            const args = flags(document, component);
            assert.equal(args["leader-elect"], "true");
            assert.equal(args["leader-elect-lease-duration"], "8s");
            assert.equal(args["leader-elect-renew-deadline"], "5s");
            assert.equal(args["leader-elect-retry-period"], "1s");
        }
    });

    it("gives etcd its times in milliseconds and its quota in bytes", () => {
        assert.deepEqual(flags(cluster(), "etcd", "local"), {
            "quota-backend-bytes": String(8 * 1024 ** 3),
            "heartbeat-interval": "100",
            "election-timeout": "1000",
        });
    });

    it("leaves cluster DNS to us", () => assert.deepEqual(cluster()["dns"], { disabled: true }));

    it("gives every argument as text, as the API wants it", () => {
        const document = cluster();
        for (const keys of [["apiServer"], ["controllerManager"], ["scheduler"], ["etcd", "local"]]) {
            for (const value of Object.values(flags(document, ...keys))) assert.equal(typeof value, "string");
        }
    });

    it("tells kubelets about reservations, graceful shutdown and the cgroup version", () => {
        const config = configWith((input) => (input.kubelet = { allowCgroupV1: true, kubeReserved: { cpu: "200m" } }));
        const kubelet = kind(renderClusterConfig(config, host(config, "cp1")), "KubeletConfiguration");
        assert.equal(kubelet["failCgroupV1"], false);
        assert.deepEqual(kubelet["kubeReserved"], { cpu: "200m", memory: "256Mi" });
        assert.deepEqual(kubelet["systemReserved"], { cpu: "100m", memory: "256Mi" });
        assert.equal(kubelet["shutdownGracePeriod"], "90s");
        assert.equal(kubelet["shutdownGracePeriodCriticalPods"], "80s");
        const strict = configWith();
        assert.equal(
            kind(renderClusterConfig(strict, host(strict, "cp1")), "KubeletConfiguration")["failCgroupV1"],
            true,
        );
    });

    it("keeps ordinary pods off control planes unless asked to (TRAPS 24)", () => {
        const taints = (change?: (input: ClusterConfigInput) => void) => {
            const config = configWith(change);
            const init = kind(renderClusterConfig(config, host(config, "cp2")), "InitConfiguration");
            return flagsOf(init)["register-with-taints"];
        };
        const flagsOf = (init: object) =>
            Object.fromEntries(
                (at(init, "nodeRegistration", "kubeletExtraArgs") as Argument[]).map(({ name, value }) => [
                    name,
                    value,
                ]),
            );
        assert.equal(taints(), "node-role.kubernetes.io/control-plane=:NoSchedule");
        assert.equal(
            taints((input) => (input.schedulePodsOnControlPlanes = true)),
            undefined,
        );
    });
});

describe("the founding configuration", () => {
    it("alone has the list of members and their token, filled in on the host", () => {
        const config = configWith();
        const cp2 = host(config, "cp2");
        const founding = flags(kind(renderFoundingConfig(config, cp2), "ClusterConfiguration"), "etcd", "local");
        assert.equal(founding["initial-cluster"], "@INITIAL_CLUSTER@");
        assert.equal(founding["initial-cluster-state"], "new");
        assert.equal(founding["initial-cluster-token"], "@ETCD_TOKEN@");
        for (const text of [renderClusterConfig(config, cp2), renderInitialiseConfig(config, cp2)]) {
            assert.doesNotMatch(text, /initial-cluster/);
        }
    });

    it("advertises the host's own address under its own name", () => {
        const config = configWith();
        const init = kind(renderFoundingConfig(config, host(config, "cp2")), "InitConfiguration");
        assert.deepEqual(init["localAPIEndpoint"], { advertiseAddress: "10.89.0.22", bindPort: 6443 });
        assert.equal(at(init, "nodeRegistration", "name"), "cp2");
    });

    it("differs between hosts in nothing that the cluster shares", () => {
        const config = configWith();
        const shared = (name: string) => kind(renderFoundingConfig(config, host(config, name)), "ClusterConfiguration");
        assert.deepEqual(shared("cp1"), shared("cp3"));
    });

    it("does not depend on hosts that come later, so that adding one changes no old one", () => {
        const before = cluster();
        const after = cluster((input) => {
            input.hosts.push(hostInput("control-plane", "cp4", 24), hostInput("control-plane", "cp5", 25));
            input.hosts.push(hostInput("worker", "w4", 34));
        });
        assert.deepEqual(after, before);
    });
});

describe("the initialising configuration", () => {
    it("has a token that expires and stands in no file before its use", () => {
        const config = configWith();
        const init = kind(renderInitialiseConfig(config, host(config, "cp1")), "InitConfiguration");
        assert.deepEqual(init["bootstrapTokens"], [
            { token: "@BOOTSTRAP_TOKEN@", ttl: "1m0s", description: "founding of the cluster" },
        ]);
    });
});

describe("a join configuration", () => {
    const join = (name: string, taints?: Parameters<typeof renderJoinConfig>[2]) => {
        const config = configWith();
        return kind(renderJoinConfig(config, host(config, name), taints), "JoinConfiguration");
    };

    it("of a worker makes no control plane", () => {
        const document = join("w1");
        assert.equal(document["controlPlane"], undefined);
        assert.equal(at(document, "nodeRegistration", "name"), "w1");
        assert.deepEqual(at(document, "nodeRegistration", "kubeletExtraArgs"), [
            { name: "node-ip", value: "10.89.0.31" },
        ]);
    });

    it("of a worker registers with its pool's taints, so that no pod slips in before", () => {
        const document = join("w1", [
            { key: "gpu", value: "yes", effect: "NoSchedule" },
            { key: "spot", value: "", effect: "NoExecute" },
        ]);
        assert.deepEqual((at(document, "nodeRegistration", "kubeletExtraArgs") as Argument[])[1], {
            name: "register-with-taints",
            value: "gpu=yes:NoSchedule,spot=:NoExecute",
        });
    });

    it("of a control plane binds its own API server and patches its grace period", () => {
        const document = join("cp2");
        assert.deepEqual(at(document, "controlPlane", "localAPIEndpoint"), {
            advertiseAddress: "10.89.0.22",
            bindPort: 6443,
        });
        assert.equal(at(document, "patches", "directory"), "/etc/kubernetes/patches");
    });

    it("finds the cluster by a file, as anonymous reads are off, and holds no token", () => {
        assert.deepEqual(join("w1")["discovery"], {
            file: { kubeConfigPath: "/run/quorate-private/discovery.conf" },
            tlsBootstrapToken: "@BOOTSTRAP_TOKEN@",
        });
    });
});
