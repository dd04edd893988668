import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { ApiError, NOT_FOUND, type ApiCaller } from "../../../../maintenance/ports/apiCaller";
import { podNetworkProof } from "../../../../maintenance/ports/podNetworkProof";
import { FakeRemote } from "../../../fakes/fakeRemote";
import { sampleInventory } from "../../../fakes/sampleCluster";

const onW2: V1Pod = {
    metadata: { namespace: "shop", name: "shop-1" },
    spec: { nodeName: "w2", containers: [{ name: "c", ports: [{ containerPort: 8080 }] }] },
    status: { podIP: "10.244.1.7", conditions: [{ type: "Ready", status: "True" }] },
};
const inHostNetwork: V1Pod = { ...onW2, spec: { ...onW2.spec, containers: [], hostNetwork: true } };

interface Case {
    readonly pods?: readonly V1Pod[];
    /** Address of the cluster's DNS service; left out: there is none. */
    readonly dns?: string;
    /** What did not answer. */
    readonly silent?: string;
}

async function prove({ pods = [inHostNetwork], dns, silent = "" }: Case) {
    const core = {
        listPodForAllNamespaces: () => ({ items: pods }),
        readNamespacedService() {
            if (dns === undefined) throw new ApiError(NOT_FOUND, "not found", []);
            return { spec: { clusterIP: dns } };
        },
    };
    const call: ApiCaller["call"] = async (_api, request) => request(core as never, {} as never);
    const remote = new FakeRemote({ ask_all: { stdout: silent } });
    return { proof: await podNetworkProof(remote, sampleInventory(), { call }, "w1"), remote };
}

describe("the proof of a host's pod network", () => {
    it("passes when pods on other nodes and the cluster's DNS answer", async () => {
        const { proof, remote } = await prove({ pods: [onW2], dns: "10.96.0.10" });
        assert.deepEqual(proof, { passed: true, seen: "1 pods on other nodes and DNS answered 5 times in a row" });
        assert.match(
            remote.asked[0]?.command ?? "",
            /ask_pod shop\/shop-1 10\.244\.1\.7 8080 &\n +ask_dns 10\.96\.0\.10 &/,
        );
    });

    it("passes on DNS alone, as in a new cluster, and on pods alone", async () => {
        assert.deepEqual((await prove({ dns: "10.96.0.10" })).proof, {
            passed: true,
            seen: "DNS answered 5 times in a row",
        });
        assert.deepEqual((await prove({ pods: [onW2] })).proof, {
            passed: true,
            seen: "1 pods on other nodes answered 5 times in a row",
        });
    });

    it("does not pass when something is silent", async () => {
        const seen = "DNS at 10.96.0.10 does not resolve kubernetes.default.svc.cluster.local";
        assert.deepEqual((await prove({ dns: "10.96.0.10", silent: `${seen}\n` })).proof, { passed: false, seen });
    });

    it("does not pass when there is nothing to ask, and says what it needs", async () => {
        const { proof } = await prove({});
        assert.equal(proof.passed, false);
        assert.match(
            proof.seen,
            /no pod of the pod network is ready on another node than w1, .* kube-system\/kube-dns/,
        );
    });
});
