import assert from "node:assert/strict";
import { images, programs, releaseDownloads } from "../../../../components/artifacts/catalogue";
import releases from "../../../../components/artifacts/releases.json";
import { configWith } from "../../model/sampleConfig";

const { versions } = configWith();

describe("the table of releases", () => {
    for (const [name, known] of Object.entries(releases)) {
        it(`has one checksum per version and machine of ${name}`, () => {
            const sums = Object.values(known).flatMap((sum) => [sum.amd64, sum.arm64]);
            assert.ok(sums.length > 0);
            for (const sum of sums) assert.match(sum, /^[0-9a-f]{64}$/);
            assert.equal(new Set(sums).size, sums.length, "two releases cannot have the same checksum");
        });
    }

    it("has kubeadm, kubelet and kubectl in the same versions", () => {
        assert.deepEqual(Object.keys(releases.kubelet), Object.keys(releases.kubeadm));
        assert.deepEqual(Object.keys(releases.kubectl), Object.keys(releases.kubeadm));
    });
});

describe("the downloads of a node", () => {
    it("are known for the versions that are the default", () => {
        const names = releaseDownloads(versions).map(({ name }) => name);
        assert.deepEqual(names, ["kubeadm", "kubelet", "kubectl", "etcd", "containerd", "runc", "cni-plugins"]);
    });

    it("come from the projects' own sites over TLS, one address for each machine", () => {
        const urls = releaseDownloads(versions).map(({ url }) => url);
        for (const url of urls) {
            assert.match(url, /^https:\/\/(dl\.k8s\.io|github\.com)\//);
            assert.match(url, /\$arch/);
        }
        assert.equal(urls[0], "https://dl.k8s.io/release/v1.36.3/bin/linux/$arch/kubeadm");
        assert.equal(
            urls[6],
            "https://github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-$arch-v1.9.1.tgz",
        );
    });

    it("come from a mirror by the same path, whether its address ends in a slash or not", () => {
        const urls = (mirror: string) => releaseDownloads(versions, mirror).map(({ url }) => url);
        assert.equal(
            urls("http://m.example/x")[0],
            "http://m.example/x/dl.k8s.io/release/v1.36.3/bin/linux/$arch/kubeadm",
        );
        assert.deepEqual(urls("http://m.example/x/"), urls("http://m.example/x"));
    });

    it("bring every program, together with runc", () => {
        const brought = releaseDownloads(versions).flatMap(({ name, members }) => {
            const inside = Object.keys(members);
            return inside.length === 0 ? [name] : inside;
        });
        assert.deepEqual(brought.sort(), [...programs().map(({ name }) => name), "runc"].sort());
    });

    it("are refused for a version without checksum, with those that have one", () => {
        const config = configWith((input) => (input.versions.kubernetes = "v1.36.99"));
        assert.throws(
            () => releaseDownloads(config.versions),
            /kubeadm 1\.36\.99 has no checksum in the catalogue; write one of 1\.36\.\d+.*or use artifacts\.source: bundle/,
        );
    });
});

describe("the images of a node", () => {
    it("carry the configured versions", () => {
        assert.deepEqual(
            images(versions, "worker").map(({ reference }) => reference),
            [
                "registry.k8s.io/pause:3.10.2",
                "registry.k8s.io/kube-proxy:v1.36.3",
                "ghcr.io/flannel-io/flannel:v0.28.4",
                "registry.k8s.io/coredns/coredns:v1.14.6",
            ],
        );
    });

    it("include etcd and the control plane's programs only where they run", () => {
        const names = images(versions, "control-plane").map(({ reference }) => reference);
        assert.ok(names.includes("registry.k8s.io/etcd:3.6.10-0"));
        assert.equal(names.length, images(versions, "worker").length + 4);
    });
});
