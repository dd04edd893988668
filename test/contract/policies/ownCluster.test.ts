import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { HaCluster } from "../../../components/cluster/haCluster";
import { type ClusterConfigInput, hostsWithRole } from "../../../model/clusterConfig";
import { hostTexts } from "../../../policies/graph/commands";
import { foundingMembers, shutdownDelay } from "../../../policies/graph/controlPlane";
import { noticedAfter } from "../../../policies/graph/haproxy";
import type { GraphResource } from "../../../policies/graph/resource";
import type { Value } from "../../../policies/graph/value";
import { apiBackends } from "../../../policies/rules/apiBackends";
import { RULES } from "../../../policies/rules/rules";
import { findingsOf } from "../../../policies/rules/rule";
import { framed } from "../../fakes/remoteHost";
import { configWith } from "../../unit/model/sampleConfig";
import { RecordedProgram } from "../components/support/recordedProgram";
import { graphResources } from "./graphResources";

const outputs = {
    "sample-control-plane-pki": {
        stdout: framed("founding none\netcd-token none\nca-hash sha256:0a\nauthority Y2E=\nidentity H4sI\n"),
    },
    "sample-control-plane-initialise": { stdout: framed("a3ViZWNvbmZpZw==") },
};

/** The resources of a cluster as rules read them. */
async function cluster(change?: (input: ClusterConfigInput) => void): Promise<readonly GraphResource[]> {
    const config = configWith(change);
    const [first] = hostsWithRole(config, "control-plane");
    assert.ok(first);
    const program = await RecordedProgram.of(
        (recording) => {
            const access = {
                cluster: config.name,
                ssh: config.ssh,
                privateKey: pulumi.secret("-----BEGIN OPENSSH PRIVATE KEY-----"),
            };
            const joining = new Set(config.hosts.map((host) => host.name));
            return void new HaCluster(config.name, { config, access, first, joining }, recording);
        },
        { outputs },
    );
    return graphResources(program);
}

function findings(resources: readonly GraphResource[]): readonly string[] {
    return RULES.flatMap((rule) => findingsOf(rule, resources).map(({ message }) => `${rule.name}: ${message}`));
}

/** The cluster with other words in what its hosts are told. */
function rewritten(resources: readonly GraphResource[], from: string, to: string): readonly GraphResource[] {
    const text = (value: Value): Value => (typeof value === "string" ? value.replaceAll(from, to) : value);
    return resources.map((resource) => {
        const properties = Object.entries(resource.properties as Record<string, Value>);
        return { ...resource, properties: Object.fromEntries(properties.map(([key, value]) => [key, text(value)])) };
    });
}

const bastion = (input: ClusterConfigInput) =>
    (input.ssh = { user: "admin", proxy: { host: "bastion.example", hostKey: input.hosts[0]?.hostKey ?? "" } });

describe("policy rules on quorate's own cluster", () => {
    for (const [title, change] of Object.entries({ "as root": undefined, "with sudo, through a bastion": bastion })) {
        describe(title, () => {
            let resources: readonly GraphResource[];
            before(async () => {
                resources = await cluster(change);
            });

            it("find nothing", () => {
                assert.deepEqual(findings(resources), []);
            });

            it("read its members, balancers and times out of what hosts are told", () => {
                const texts = resources.flatMap(hostTexts);
                const members = texts.map(foundingMembers).filter((names) => names.length > 0);
                const delays = texts.map(shutdownDelay).filter((delay) => delay !== undefined);
                const backends = apiBackends(resources);
                assert.deepEqual(members, [["cp1", "cp2", "cp3"]]);
                assert.deepEqual(new Set(delays.map(String)), new Set(["10s"]));
                assert.deepEqual(
                    backends.map((backend) => [backend.name, String(noticedAfter(backend))]),
                    [
                        ["k8s-api", "4s"],
                        ["k8s-api", "4s"],
                    ],
                );
            });

            it("find what would be wrong in it", () => {
                const found = (from: string, to: string) =>
                    new Set(findings(rewritten(resources, from, to)).map((finding) => finding.split(":")[0]));
                assert.deepEqual(found("GET /readyz", "GET /livez"), new Set(["api-readiness-check"]));
                assert.deepEqual(found("value: 10s", "value: 3s"), new Set(["shutdown-outlasts-checks"]));
                assert.deepEqual(found("cp3=https://10.89.0.23:2380", ""), new Set(["odd-etcd"]));
            });
        });
    }

    it("find an unprotected identity", async () => {
        const unprotected = await cluster((input) => (input.protect = false));
        assert.equal(findings(unprotected).length, 1);
        assert.match(findings(unprotected)[0] ?? "", /^etcd-protected: Command sample-control-plane-pki: makes the/);
    });
});
