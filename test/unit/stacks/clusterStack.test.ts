import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { clusterInventory } from "../../../components/cluster/inventory";
import type { ClusterConfigInput } from "../../../model/clusterConfig";
import { parseInventory } from "../../../model/inventory";
import program from "../../../stacks/index";
import { framed } from "../../fakes/remoteHost";
import { configWith, inputWith, sampleInput } from "../model/sampleConfig";

const PKI = "founding none\ntoken abcdef.0123456789abcdef\nca-hash sha256:0a\nauthority Y2E=\nidentity aWQ=\n";
const STDOUT: Readonly<Record<string, string>> = {
    "sample-control-plane-pki": PKI,
    "sample-control-plane-initialise": Buffer.from("kubeconfig").toString("base64"),
};

/** Runs the program as `pulumi up` does, for a stack whose last `up` left `recorded`. */
async function up(
    settings: Readonly<Record<string, string>>,
    recorded: object | undefined = undefined,
): Promise<Record<string, pulumi.Output<unknown>>> {
    const outputs = recorded === undefined ? {} : { inventory: recorded };
    await pulumi.runtime.setMocks(
        {
            call: () => ({}),
            newResource: ({ type, name, inputs }) => {
                if (type === "pulumi:pulumi:StackReference") return { id: name, state: { name, outputs } };
                if (name === "sample-founding")
                    return { id: name, state: { ...(inputs as object), stdout: "0f1e2d3c" } };
                return { id: name, state: { ...(inputs as object), stdout: framed(STDOUT[name] ?? "") } };
            },
        },
        "quorate",
        "test",
        false,
        "organization",
    );
    pulumi.runtime.setAllConfig(settings);
    return program();
}

const cluster = (input: unknown) => ({ "quorate:cluster": JSON.stringify(input) });
const changed = (change: (input: ClusterConfigInput) => void) => cluster(inputWith(change));
const known = <T>(output: pulumi.Output<T>) => (output as unknown as { promise(): Promise<T> }).promise();

describe("the cluster stack", () => {
    after(() => pulumi.runtime.setAllConfig({}));

    it("exports the inventory in the clear and the kubeconfig as a secret", async () => {
        const { inventory, kubeconfig } = await up(cluster(sampleInput()));
        assert.ok(inventory && kubeconfig);
        assert.equal(parseInventory(await known(inventory)).clusterName, "sample");
        assert.equal(await pulumi.isSecret(inventory), false);
        assert.equal(await known(kubeconfig), "kubeconfig");
        assert.equal(await pulumi.isSecret(kubeconfig), true);
    });

    it("keeps the versions that the cluster was made with where the configuration names none", async () => {
        const before = { ...clusterInventory(configWith(), "sha256:0a") };
        const recorded = { ...before, versions: { ...before.versions, etcd: "3.6.8" } };
        const unnamed = changed((input) => delete (input.versions as { etcd?: string }).etcd);
        const { inventory } = await up(unnamed, recorded);
        assert.ok(inventory);
        assert.equal(parseInventory(await known(inventory)).versions.etcd, "3.6.8");
    });

    it("runs again for the cluster that it recorded", async () => {
        const { inventory } = await up(cluster(sampleInput()), clusterInventory(configWith(), "sha256:0a"));
        assert.ok(inventory);
        assert.equal(parseInventory(await known(inventory)).caHash, "sha256:0a");
    });

    it("refuses a changed Kubernetes version before anything is registered", async () => {
        const recorded = clusterInventory(configWith(), "sha256:0a");
        await assert.rejects(
            up(
                changed((input) => (input.versions.kubernetes = "v1.36.2")),
                recorded,
            ),
            (error) => {
                assert.ok(pulumi.RunError.isInstance(error), "without a stack trace");
                assert.match(
                    error.message,
                    /^quorate:cluster: 1 problem\n {2}versions\.kubernetes: .*quorate upgrade --to v1\.36\.2/,
                );
                return true;
            },
        );
    });

    it("refuses a wrong configuration with every problem and no stack trace", async () => {
        const wrong = changed((input) => {
            input.hosts.splice(2, 1);
            input.network.pods = "10.96.0.0/16";
        });
        await assert.rejects(up(wrong), (error) => {
            assert.ok(pulumi.RunError.isInstance(error));
            assert.match(error.message, /^quorate:cluster: 2 problems\n {2}hosts: .*\n {2}network\.services: /);
            return true;
        });
    });

    it("refuses versions that no release site is known for, by key path", async () => {
        const unknown = changed((input) => {
            input.versions.kubernetes = "v1.36.99";
            input.versions.etcd = "3.6.99";
        });
        await assert.rejects(up(unknown), (error) => {
            assert.ok(pulumi.RunError.isInstance(error), "with a stack trace");
            assert.match(error.message, /versions\.kubernetes: .*1\.36\.99.*write one of/);
            assert.match(error.message, /versions\.etcd: /);
            return true;
        });
    });

    it("refuses an unknown layer with the known ones", async () => {
        await assert.rejects(up({ "quorate:layer": "clusters" }), (error) => {
            assert.ok(pulumi.RunError.isInstance(error));
            assert.equal(error.message, 'quorate:layer is "clusters"; write one of cluster, workloads');
            return true;
        });
    });
});
