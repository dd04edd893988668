import assert from "node:assert/strict";
import { binaryName, goArguments } from "../../../../lab/artifacts/goBuild";

describe("lab artifacts: Go builds", () => {
    it("never change the pinned modules and leave no path of this machine in the program", () => {
        const words = goArguments({ module: "etcd", packages: ["go.etcd.io/etcd/server/v3"] }, "/out");
        assert.ok(words.includes("-mod=readonly") && words.includes("-trimpath"));
        assert.deepEqual(words.slice(-3), ["-o", "/out/", "go.etcd.io/etcd/server/v3"]);
    });

    it("tell programs their version", () => {
        const words = goArguments(
            { module: "m", packages: ["p"], variables: { "a/version.Version": "1.2.3" } },
            "/out",
        );
        assert.equal(words[words.indexOf("-ldflags") + 1], "-s -w -X a/version.Version=1.2.3");
    });

    it("link C code statically where there is any", () => {
        const words = goArguments({ module: "m", packages: ["p"], staticC: true }, "/out");
        assert.match(words[words.indexOf("-ldflags") + 1]!, /-linkmode external -extldflags -static/);
    });

    const names: [string, string][] = [
        ["go.etcd.io/etcd/server/v3", "server"],
        ["k8s.io/kubernetes/cmd/kubelet", "kubelet"],
        ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "pulumi"],
        ["github.com/flannel-io/flannel", "flannel"],
    ];
    for (const [importPath, name] of names) {
        it(`finds ${name} as the result of ${importPath}`, () => assert.equal(binaryName(importPath), name));
    }
});
