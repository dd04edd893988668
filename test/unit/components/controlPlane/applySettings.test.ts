import assert from "node:assert/strict";
import { renderMember } from "../../../../components/controlPlane/controlPlaneScripts";
import { type BashHost, bashHost } from "../bashHost";
import { fakeCluster } from "../fakeCluster";
import { assertSameEndWhenKilled } from "../killedAtEachLine";
import { config, cp1 } from "./fakePki";

const COMPONENTS = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
const MANIFESTS = "/etc/kubernetes/manifests";

/**
 * A member whose kubeadm writes manifests as `wanted` says, and whose kubelet starts a component again when it is looked at
 * for the second time after its manifest has changed. What each runs with is kept in /running.
 */
function prepare(host: BashHost, wanted: Readonly<Record<string, string>>): void {
    fakeCluster(host, { members: [{ name: "cp1", address: "10.89.0.21" }] });
    for (const name of ["member", "formed"]) host.write(`/etc/kubernetes/quorate/${name}`, "");
    for (const component of COMPONENTS) {
        host.write(`${MANIFESTS}/${component}.yaml`, "old\n");
        host.write(`/running/${component}`, "old\n");
        host.write(`/wanted/${component}`, `${wanted[component] ?? "old"}\n`);
    }
    const [manifests, running, looked] = [host.at(MANIFESTS), host.at("/running"), host.at("/looked")];
    const kubeadm = host
        .read("/fakes/kubeadm")
        .replace('case "$*" in\n', 'case "$*" in\n"init phase control-plane"*) write_manifests ;;\n');
    host.fake(
        "kubeadm",
        `write_manifests() {
            for file in "${host.at("/wanted")}"/*; do cp "$file" "${manifests}/\${file##*/}.yaml"; done
            [ ! -e "${host.at("/break-off")}" ] || { rm "${host.at("/break-off")}"; kill -KILL $PPID; sleep 0.2; kill -KILL $(ps -o ppid= -p $PPID); }
        }
        ${kubeadm.split("\n").slice(2).join("\n")}`,
    );
    host.fake(
        "pgrep",
        `component=\${!#}; component=\${component#^}; component=\${component% }
        if ! cmp -s "${manifests}/$component.yaml" "${running}/$component"; then
            if [ -e "${looked}-$component" ]; then
                rm -f "${looked}-$component"
                cp "${manifests}/$component.yaml" "${running}/$component"
                date +%s >"${host.at("/started")}-$component"
            else touch "${looked}-$component"; fi
        fi
        echo "$component"`,
    );
    host.fake(
        "ps",
        `started=$(cat "${host.at("/started")}-\${!#}" 2>/dev/null || echo 1000)
        echo $(($(date +%s) - started))`,
    );
}

const apply = (host: BashHost) => host.step({ ...renderMember(config, cp1), bringsLibrary: true });
const running = (host: BashHost, component: string) => host.read(`/running/${component}`);

describe("changed settings of a member", () => {
    const host = bashHost();

    it("are applied when each changed component runs with them, and no other is waited for", () => {
        prepare(host(), { "kube-apiserver": "new", "kube-scheduler": "new" });
        const { code, stdout, stderr } = apply(host());
        assert.equal(code, 0, stderr);
        assert.match(stdout, /"kube-apiserver settings","kube-scheduler settings"\]/);
        assert.equal(running(host(), "kube-apiserver"), "new\n");
        assert.equal(apply(host()).stdout, '{"changed":[]}\n');
    });

    it("that a broken turn has written are waited for by the next one, before another control plane has its turn", () => {
        prepare(host(), { "kube-apiserver": "new" });
        host().write("/break-off", "");
        assert.notEqual(apply(host()).code, 0);
        assert.equal(host().read(`${MANIFESTS}/kube-apiserver.yaml`), "new\n");
        assert.equal(running(host(), "kube-apiserver"), "old\n");
        const { code, stdout, stderr } = apply(host());
        assert.equal(code, 0, stderr);
        assert.equal(running(host(), "kube-apiserver"), "new\n");
        assert.match(stdout, /"kube-apiserver settings"/);
    });

    it("are waited for by the next turn also when it changes others", () => {
        prepare(host(), { "kube-apiserver": "new" });
        host().write("/break-off", "");
        apply(host());
        host().write("/wanted/kube-scheduler", "newer\n");
        assert.equal(apply(host()).code, 0);
        assert.equal(running(host(), "kube-apiserver"), "new\n");
        assert.equal(running(host(), "kube-scheduler"), "newer\n");
    });

    it("that a broken turn has written are taken back when nobody wants them any more", () => {
        prepare(host(), {});
        assert.equal(apply(host()).code, 0);
        host().write("/wanted/kube-apiserver", "new\n");
        host().write("/break-off", "");
        host().write("/etc/kubernetes/quorate/applied", "before\n");
        assert.notEqual(apply(host()).code, 0);
        host().write("/wanted/kube-apiserver", "old\n");
        const before = { ...renderMember(config, cp1).settings, configuration: "before" };
        const { code, stderr } = host().step({ ...renderMember(config, cp1), settings: before, bringsLibrary: true });
        assert.equal(code, 0, stderr);
        assert.equal(host().read(`${MANIFESTS}/kube-apiserver.yaml`), "old\n");
        assert.equal(host().exists("/etc/kubernetes/quorate/applying"), false);
    });

    it("come to the same end when their turn is killed", function () {
        this.timeout(120_000);
        prepare(host(), { "kube-apiserver": "new", "kube-scheduler": "new" });
        assertSameEndWhenKilled(host(), renderMember(config, cp1), { ignore: /^\/(started|looked)/ });
    });
});
