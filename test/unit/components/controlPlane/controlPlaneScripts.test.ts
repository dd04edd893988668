import assert from "node:assert/strict";
import {
    renderFinalize,
    renderFound,
    renderInitialise,
    renderMember,
    renderPki,
} from "../../../../components/controlPlane/controlPlaneScripts";
import { type ClusterConfig, type ClusterConfigInput, hostsWithRole } from "../../../../model/clusterConfig";
import { configWith, hostInput } from "../../model/sampleConfig";

const first = (config: ClusterConfig) => {
    const [host] = hostsWithRole(config, "control-plane");
    assert.ok(host);
    return host;
};
const found = (change?: (input: ClusterConfigInput) => void) => {
    const config = configWith(change);
    return renderFound(config, first(config));
};
const member = (change?: (input: ClusterConfigInput) => void) => {
    const config = configWith(change);
    return renderMember(config, first(config));
};
const hash = (change?: (input: ClusterConfigInput) => void) => member(change).settings?.["configuration"];

/** Every phase that `kubeadm init` 1.34 to 1.36 knows, at its top level. */
const PHASES = [
    ...["preflight", "certs", "kubeconfig", "etcd", "control-plane", "kubelet-start", "wait-control-plane"],
    ...["upload-config", "upload-certs", "mark-control-plane", "bootstrap-token", "kubelet-finalize", "addon"],
    "show-join-command",
];

describe("the steps of a control plane", () => {
    it("together run every phase of kubeadm that is not replaced, and none twice", () => {
        const config = configWith();
        const skipped = (settings: unknown) => String(settings).split(",");
        const host = PHASES.filter((phase) => !skipped(found().settings?.["skipped_phases"]).includes(phase));
        const { settings } = renderInitialise(config, first(config));
        const once = PHASES.filter((phase) => !skipped(settings?.["skipped_phases"]).includes(phase));
        assert.deepEqual(host, ["certs", "kubeconfig", "etcd", "control-plane", "kubelet-start"]);
        assert.deepEqual(once, ["upload-config", "bootstrap-token", "addon"]);
        assert.ok(skipped(settings?.["skipped_phases"]).includes("addon/coredns"));
    });

    it("record all founding members by name and peer address", () => {
        const config = configWith();
        assert.equal(
            renderPki(config, first(config)).settings?.["members"],
            "cp1=https://10.89.0.21:2380,cp2=https://10.89.0.22:2380,cp3=https://10.89.0.23:2380",
        );
    });

    it("hand the identity out again when a control plane is another machine by now", () => {
        const config = configWith();
        const anew = configWith((input) => {
            const cp2 = input.hosts.find(({ name }) => name === "cp2");
            assert.ok(cp2);
            cp2.hostKey = `ssh-ed25519 ${"B".repeat(68)}`;
        });
        assert.notDeepEqual(renderPki(config, first(config)), renderPki(anew, first(anew)));
    });

    it("change for no worker but in the steps that are about workers", () => {
        const more = (input: ClusterConfigInput) => void input.hosts.push(hostInput("worker", "w4", 34));
        const [config, after] = [configWith(), configWith(more)];
        assert.deepEqual(renderPki(config, first(config)), renderPki(after, first(after)));
        assert.deepEqual(member(), member(more));
    });

    it("know all control planes that are configured", () => {
        assert.deepEqual(member().settings?.["control_planes"], ["cp1", "cp2", "cp3"]);
        assert.deepEqual(member().settings?.["addresses"], ["10.89.0.21", "10.89.0.22", "10.89.0.23"]);
    });

    it("apply settings again when they changed, and only then", () => {
        assert.equal(hash(), hash());
        assert.match(String(hash()), /^[0-9a-f]{16}$/);
        assert.notEqual(
            hash(),
            hash((input) => (input.apiServer = { shutdownDelay: "20s" })),
        );
        assert.notEqual(
            hash(),
            hash((input) => (input.leaderElection = { leaseDuration: "20s" })),
        );
        assert.equal(
            hash(),
            hash((input) => input.hosts.push(hostInput("worker", "w4", 34))),
        );
    });

    it("tell the secret ones apart: their output is their own", () => {
        const config = configWith();
        assert.equal(renderPki(config, first(config)).output, "own");
        assert.equal(renderInitialise(config, first(config)).output, "own");
        assert.equal(renderFound(config, first(config)).output, undefined);
        assert.equal(renderFinalize().output, undefined);
    });

    it("write no file that others may read", () => {
        const config = configWith();
        const host = first(config);
        for (const step of [renderPki(config, host), found(), member(), renderInitialise(config, host)]) {
            for (const file of step.files ?? []) assert.equal(file.mode, "0600", file.path);
        }
    });
});
