import assert from "node:assert/strict";
import { pauseImage } from "../../../../components/artifacts/catalogue";
import { renderContainerdConfig } from "../../../../components/containerRuntime/containerdConfig";
import { renderRuntime } from "../../../../components/containerRuntime/containerRuntime";
import { configWith } from "../../model/sampleConfig";

const paths = (mode: "host-gw" | "none") =>
    (
        renderRuntime(
            "worker",
            configWith((input) => (input.network.mode = mode)),
        ).files ?? []
    ).map(({ path }) => path);

describe("containerd's configuration", () => {
    it("is version 3, whose plugin names containerd 2 knows", () => {
        const text = renderContainerdConfig("registry.k8s.io/pause:3.10.2");
        assert.match(text, /^version = 3$/m);
        const plugins = [...text.matchAll(/^\[plugins\.'([^']+)'/gm)].map(([, name]) => name);
        assert.ok(plugins.length > 0);
        for (const name of plugins) assert.match(name ?? "", /^io\.containerd\.cri\.v1\.(images|runtime)$/);
    });

    it("pins the sandbox image that nodes bring", () => {
        const { versions } = configWith();
        assert.match(renderContainerdConfig(pauseImage(versions)), /sandbox = 'registry\.k8s\.io\/pause:3\.10\.2'/);
    });
});

describe("the runtime step", () => {
    it("brings the images of the node's role", () => {
        const names = (role: "control-plane" | "worker") => {
            const wanted = renderRuntime(role, configWith()).settings?.["images"];
            assert.ok(Array.isArray(wanted));
            return wanted.map((item) => String(item).split(" ")[0]);
        };
        assert.deepEqual(names("worker"), ["pause", "kube-proxy", "flannel", "coredns"]);
        assert.deepEqual(names("control-plane"), [
            "kube-apiserver",
            "kube-controller-manager",
            "kube-scheduler",
            "etcd",
            "pause",
            "kube-proxy",
            "flannel",
            "coredns",
        ]);
    });

    it("writes the units that kubeadm expects", () => {
        assert.ok(paths("host-gw").includes("/etc/systemd/system/kubelet.service.d/10-kubeadm.conf"));
        assert.ok(paths("host-gw").includes("/etc/systemd/system/containerd.service"));
    });

    it("keeps a proxy of the host's own from containerd and kubelet, and the configured one from kubelet only", () => {
        const proxied = configWith((input) => (input.proxy = { http: "http://proxy.example:3128" }));
        for (const config of [configWith(), proxied]) {
            const content = (end: string) =>
                renderRuntime("worker", config).files?.find(({ path }) => path.endsWith(end))?.content ?? "";
            const unit = content("/containerd.service");
            const names = /^UnsetEnvironment=(.*)$/m.exec(content("/kubelet.service"))?.[1]?.split(" ");
            assert.deepEqual(names, [
                ...["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"],
                ...["NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"],
            ]);
            // What is unset stays so, whatever a drop-in sets; what is empty does not.
            assert.doesNotMatch(unit, /UnsetEnvironment/);
            assert.deepEqual(
                /^Environment=(.*)$/m.exec(unit)?.[1]?.split(" "),
                names.map((name) => `${name}=`),
            );
            const dropIn = content("/containerd.service.d/10-proxy.conf");
            assert.equal(dropIn.includes('"http_proxy=http://proxy.example:3128"'), config === proxied);
        }
    });

    it("turns flannel's subnet into a CNI configuration, unless the user brings a network", () => {
        assert.ok(paths("host-gw").includes("/etc/systemd/system/quorate-cni.path"));
        assert.ok(!paths("none").some((path) => path.includes("cni")));
        const { settings } = renderRuntime(
            "worker",
            configWith((input) => (input.network.mode = "none")),
        );
        assert.deepEqual(settings?.["units"], []);
    });

    it("brings the bundle's images that are named for workloads, whatever the role", () => {
        const own = { name: "shop", reference: "registry.example/shop:1.4.2" };
        const artifacts = {
            source: "bundle" as const,
            directory: "/srv/bundle",
            sha256sums: "0".repeat(64),
            images: [own],
        };
        const config = configWith((input) => (input.artifacts = artifacts));
        for (const role of ["control-plane", "worker"] as const) {
            const wanted = renderRuntime(role, config).settings?.["images"];
            assert.ok(Array.isArray(wanted) && wanted.includes("shop registry.example/shop:1.4.2"), String(wanted));
        }
    });

    it("takes images from the bundle, from the mirror, or from where they are made", () => {
        const from = (artifacts: Parameters<typeof configWith>[0]) =>
            renderRuntime("worker", configWith(artifacts)).settings;
        const bundle = from(
            (input) => (input.artifacts = { source: "bundle", directory: "/b", sha256sums: "a".repeat(64) }),
        );
        const mirror = from(
            (input) => (input.artifacts = { source: "mirror", url: "https://m.example", imageRegistry: "r.example" }),
        );
        const release = from(() => undefined);
        assert.deepEqual([bundle?.["bundle"], bundle?.["registry"]], ["/b", ""]);
        assert.deepEqual([mirror?.["bundle"], mirror?.["registry"]], ["", "r.example"]);
        assert.deepEqual([release?.["bundle"], release?.["registry"]], ["", ""]);
    });
});
