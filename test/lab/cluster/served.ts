import assert from "node:assert/strict";
import { applicationHost } from "../../../lab/cluster/workloadsConfig";
import { labNetwork } from "../../../lab/topology";
import type { WorkloadsConfigInput } from "../../../model/workloadsConfig";
import type { ClusterLab } from "../clusterLab";
import { whileProbing } from "../probing";
import { kubectlOk } from "./pods";

const WORKERS = ["w1", "w2", "w3"];
const ROLLOUT = "--timeout=120s";

export function served(lab: ClusterLab): void {
    it("answers through the virtual address from 5 pods on 3 nodes", async () => {
        const pods = await podsOf(lab, "default", "web");
        assert.equal(pods.length, 5);
        assert.deepEqual([...new Set(pods.map(({ node }) => node))].sort(), WORKERS);
        const seen = new Set<string>();
        for (let request = 0; request < 60 && seen.size < 5; request++) seen.add(await answeringPod(lab));
        assert.deepEqual([...seen].sort(), pods.map(({ name }) => name).sort());
    });

    it("shows no changes in pulumi preview of the workloads", async () => {
        const { status, stdout, stderr } = await lab.pulumiWorkloads("preview", "--expect-no-changes");
        assert.equal(status, 0, stdout + stderr);
    });

    it("fails no request while each ingress pod is deleted in turn", async () => {
        await whileProbing(lab, "ingress-pods", () => deleteInTurn(lab, "kube-system", "skipper", "daemonset/skipper"));
    });

    it("fails no request while each pod of the application is deleted in turn", async () => {
        await whileProbing(lab, "application-pods", () => deleteInTurn(lab, "default", "web", "deployment/web"));
    });

    it("fails no request while pulumi up rolls the application to a new image, and back", async () => {
        const first = await currentImage(lab);
        const next = await nextImage(lab, first);
        await whileProbing(lab, "rollouts", async () => {
            for (const image of [next, first]) {
                lab.configureWorkloads((workloads) => withImage(workloads, image));
                const { status, stdout, stderr } = await lab.pulumiWorkloads("up", "--yes", "--skip-preview");
                assert.equal(status, 0, stdout + stderr);
                const rolled = "jsonpath={.spec.template.spec.containers[0].image} {.status.updatedReplicas}";
                assert.equal(await kubectlOk(lab, "get", "deployment/web", "-o", rolled), `${image} 5`);
            }
        });
    });

    it("fails no request while kubectl drains each worker in turn", async () => {
        await whileProbing(lab, "drains", async () => {
            for (const worker of WORKERS) {
                const flags = ["--ignore-daemonsets", "--delete-emptydir-data", "--timeout=120s"];
                await kubectlOk(lab, "drain", worker, ...flags);
                await kubectlOk(lab, "uncordon", worker);
            }
        });
    });
}

interface PodPlace {
    readonly name: string;
    readonly node: string;
}

async function podsOf(lab: ClusterLab, namespace: string, workload: string): Promise<PodPlace[]> {
    const format = 'jsonpath={range .items[*]}{.metadata.name} {.spec.nodeName}{"\\n"}{end}';
    const selector = `quorate.dev/workload=${workload}`;
    const listed = await kubectlOk(lab, "-n", namespace, "get", "pods", "-l", selector, "-o", format);
    return listed
        .trim()
        .split("\n")
        .map((line) => line.split(" "))
        .map(([name = "", node = ""]) => ({ name, node }));
}

async function deleteInTurn(lab: ClusterLab, namespace: string, workload: string, owner: string): Promise<void> {
    for (const { name } of await podsOf(lab, namespace, workload)) {
        await kubectlOk(lab, "-n", namespace, "delete", "pod", name);
        await kubectlOk(lab, "-n", namespace, "rollout", "status", owner, ROLLOUT);
    }
}

async function answeringPod(lab: ClusterLab): Promise<string> {
    const url = `http://${labNetwork.virtualAddress}/hostname`;
    const answer = await lab.inNamespace(["curl", "-sS", "--max-time", "5", "-H", `Host: ${applicationHost}`, url]);
    assert.equal(answer.status, 0, answer.stderr);
    return answer.stdout.trim();
}

function currentImage(lab: ClusterLab): Promise<string> {
    return kubectlOk(lab, "get", "deployment/web", "-o", "jsonpath={..containers[0].image}");
}

function withImage(workloads: WorkloadsConfigInput, image: string): WorkloadsConfigInput {
    const applications = (workloads.applications ?? []).map((application) => ({ ...application, image }));
    return { ...workloads, applications };
}

/** An image under another version, as a registry would offer it: the nodes have it already. */
async function nextImage(lab: ClusterLab, image: string): Promise<string> {
    const next = `${image}-next`;
    await Promise.all(WORKERS.map((worker) => lab.on(worker, `ctr -n k8s.io images tag --force ${image} ${next}`)));
    return next;
}
