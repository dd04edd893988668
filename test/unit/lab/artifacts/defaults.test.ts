import assert from "node:assert/strict";
import { artifactVersions } from "../../../../lab/artifacts/versions";
import { Version } from "../../../../model/version";
import { configWith } from "../../model/sampleConfig";

describe("the versions that are the default", () => {
    const { versions } = configWith();

    // runc comes from the distribution in the lab.
    for (const name of ["etcd", "containerd", "cniPlugins", "coredns", "flannel", "pause"] as const) {
        it(`are those that the lab tests: ${name}`, () => {
            const value: Version | string = versions[name];
            assert.equal(value instanceof Version ? value.bare : value, artifactVersions[name]);
        });
    }
});
