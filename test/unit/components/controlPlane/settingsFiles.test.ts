import assert from "node:assert/strict";
import { parse } from "yaml";
import { settingsFiles } from "../../../../components/controlPlane/settingsFiles";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { configWith } from "../../model/sampleConfig";

function files(change?: (input: ClusterConfigInput) => void) {
    const config = configWith(change);
    const cp1 = config.hosts.find((host) => host.name === "cp1");
    assert.ok(cp1);
    return settingsFiles(config, cp1);
}

function content(name: string, change?: (input: ClusterConfigInput) => void): unknown {
    const file = files(change).find(({ path }) => path.endsWith(`/${name}`));
    assert.ok(file, name);
    return parse(file.content);
}

interface StartupProbe {
    readonly initialDelaySeconds: number;
    readonly periodSeconds: number;
    readonly failureThreshold: number;
}

interface PodPatch {
    readonly terminationGracePeriodSeconds?: number;
    readonly containers: readonly { readonly name: string; readonly startupProbe: StartupProbe }[];
}

/** What kubeadm is told to change in a static pod's manifest. */
function patch(pod: string, change?: (input: ClusterConfigInput) => void): PodPatch {
    return (content(`${pod}0+strategic.yaml`, change) as { spec: PodPatch }).spec;
}

interface AuditPolicy {
    readonly rules: readonly {
        level: string;
        resources?: readonly { group: string; resources: readonly string[] }[];
    }[];
}

describe("a control plane's settings", () => {
    it("let anonymous requests reach the health paths and nothing else (TRAPS 19)", () => {
        assert.deepEqual(content("authentication.yaml"), {
            apiVersion: "apiserver.config.k8s.io/v1",
            kind: "AuthenticationConfiguration",
            anonymous: { enabled: true, conditions: [{ path: "/livez" }, { path: "/readyz" }, { path: "/healthz" }] },
        });
    });

    it("give the API server longer than its shutdown delay before it is killed", () => {
        assert.equal(patch("kube-apiserver").terminationGracePeriodSeconds, 75);
        const change = (input: ClusterConfigInput) => (input.apiServer = { terminationGracePeriod: "30500ms" });
        assert.equal(patch("kube-apiserver", change).terminationGracePeriodSeconds, 31);
    });

    for (const pod of ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]) {
        it(`have ${pod} asked every second whether it has started, for the four minutes that kubeadm gives it`, () => {
            const [container, ...others] = patch(pod).containers;
            assert.equal(container?.name, pod);
            assert.deepEqual(others, []);
            const { periodSeconds, failureThreshold, initialDelaySeconds } = container.startupProbe;
            assert.deepEqual([initialDelaySeconds, periodSeconds], [1, 1]);
            assert.equal(failureThreshold * periodSeconds, 24 * 10);
        });
    }

    it("never write the bodies of Secrets into the audit log", () => {
        const { rules } = content("audit-policy.yaml") as AuditPolicy;
        const secrets = rules.findIndex(({ resources }) =>
            resources?.some((item) => item.resources.includes("secrets")),
        );
        const bodies = rules.findIndex(({ level }) => ["Request", "RequestResponse"].includes(level));
        assert.equal(rules[secrets]?.level, "Metadata");
        assert.ok(secrets < bodies, "the first rule that fits counts");
        assert.equal(bodies, rules.length - 1);
    });

    it("are for root alone and hold no secret: the encryption key is made on the host", () => {
        for (const file of files()) assert.equal(file.mode, "0600", file.path);
        assert.ok(!files().some(({ path }) => path.endsWith("encryption.yaml")));
    });
});
