import assert from "node:assert/strict";
import { images } from "../../../../components/artifacts/catalogue";
import known from "../../../../components/artifacts/imageDigests.json";
import { digestProblems, pinnedImages } from "../../../../components/artifacts/digests";
import releases from "../../../../components/artifacts/releases.json";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { configWith } from "../../model/sampleConfig";

const DIGEST = `sha256:${"a".repeat(64)}`;
const unknownVersion = (input: ClusterConfigInput) => (input.versions.kubernetes = "v1.36.4");
const NAMES = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"];
const given = Object.fromEntries(NAMES.map((name) => [`registry.k8s.io/${name}:v1.36.4`, DIGEST]));

describe("the table of digests", () => {
    it("has digests only, each once", () => {
        const all = Object.values(known).flatMap((tags) => Object.values(tags));
        for (const digest of all) assert.match(digest, /^sha256:[0-9a-f]{64}$/);
        assert.equal(new Set(all).size, all.length);
    });

    it("has all of Kubernetes' images in the same versions, of which the programs are known, too", () => {
        const [first, ...others] = NAMES.map((name) =>
            Object.keys(known[`registry.k8s.io/${name}` as keyof typeof known]),
        );
        for (const versions of others) assert.deepEqual(versions, first);
        for (const version of first ?? []) assert.ok(version.slice(1) in releases.kubeadm, version);
    });

    it("has the images of the versions that are the default", () => assert.deepEqual(digestProblems(configWith()), []));
});

describe("an image from a registry", () => {
    it("is pinned to its digest", () => {
        const config = configWith();
        for (const { reference, digest } of pinnedImages(config, "control-plane"))
            assert.match(digest ?? "", /^sha256:/, reference);
        assert.equal(
            pinnedImages(config, "worker").find(({ name }) => name === "kube-proxy")?.digest,
            known["registry.k8s.io/kube-proxy"]["v1.36.3"],
        );
    });

    it("of a version without one is refused, with the versions that have one and the ways out", () => {
        const [problem, ...others] = digestProblems(configWith(unknownVersion));
        assert.deepEqual(others, []);
        assert.equal(problem?.path, "versions.kubernetes");
        for (const name of NAMES)
            assert.ok(problem.message.includes(`registry.k8s.io/${name}:v1.36.4`), problem.message);
        assert.match(
            problem.message,
            /write one of v1\.36\.3, .* artifacts\.digests, or use artifacts\.source: bundle/,
        );
        assert.throws(
            () => pinnedImages(configWith(unknownVersion), "worker"),
            /kube-proxy:v1\.36\.4: no digest is known/,
        );
    });

    it("of etcd is named by etcd's version, as it is configured", () => {
        const [problem] = digestProblems(configWith((input) => (input.versions.etcd = "3.6.9")));
        assert.equal(problem?.path, "versions.etcd");
        assert.match(problem.message, /etcd:3\.6\.9-0; write one of 3\.6\.13, 3\.6\.12, 3\.6\.11/);
    });

    for (const source of ["release", "mirror"] as const) {
        it(`of any version is taken by a digest that the user gives, ${source}`, () => {
            const mirror = { url: "https://m.example", imageRegistry: "r.example" };
            const config = configWith((input) => {
                unknownVersion(input);
                input.artifacts =
                    source === "release" ? { source, digests: given } : { source, ...mirror, digests: given };
            });
            assert.deepEqual(digestProblems(config), []);
            const proxy = pinnedImages(config, "worker").find(({ name }) => name === "kube-proxy");
            assert.equal(proxy?.digest, DIGEST);
        });
    }

    it("that the cluster has not is none to give a digest for", () => {
        const config = configWith((input) => (input.artifacts = { source: "release", digests: given }));
        const problems = digestProblems(config);
        assert.equal(problems.length, NAMES.length);
        assert.match(problems[0]?.message ?? "", /is no image of this cluster; write one of registry\.k8s\.io/);
    });

    it("from a bundle has none, whatever its version", () => {
        const config = configWith((input) => {
            input.versions.coredns = "9.9.9";
            input.artifacts = { source: "bundle", directory: "/b", sha256sums: "a".repeat(64) };
        });
        assert.deepEqual(digestProblems(config), []);
        assert.deepEqual(pinnedImages(config, "control-plane"), images(config.versions, "control-plane"));
    });
});
