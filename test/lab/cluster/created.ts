import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { ClusterLab } from "../clusterLab";
import { assertWithout, secretsOf } from "./secrets";

const FIRST = "cp1";

export function created(lab: ClusterLab): void {
    it("is found as it is by a second npm run lab, which changes nothing", async () => {
        const { status, stderr } = await lab.up();
        assert.equal(status, 0);
        assert.match(stderr, /the cluster is as configured/);
        assert.doesNotMatch(stderr, /pulumi up/);
    });

    it("shows no changes in pulumi preview", async () => {
        const { status, stdout, stderr } = await lab.pulumi("preview", "--expect-no-changes");
        assert.equal(status, 0, stdout + stderr);
    });

    it("has its six nodes ready, and no ordinary pod on a control plane", async () => {
        const nodes = await lab.kubectl("get", "nodes", "--no-headers");
        assert.deepEqual(nodes.stdout.match(/^\S+\s+Ready\b/gm)?.length, 6, nodes.stdout);
        const pods = await lab.kubectl(
            "-n",
            "kube-system",
            "get",
            "pods",
            "-l",
            "k8s-app=kube-dns",
            "-o",
            "jsonpath={.items[*].spec.nodeName}",
        );
        const places = pods.stdout.split(" ");
        assert.equal(new Set(places).size, 2, `CoreDNS runs on ${pods.stdout}`);
        assert.ok(places.every((node) => node.startsWith("w")));
    });

    it("answers anonymous requests on the health paths only", async () => {
        const status = async (path: string) => {
            const words = [
                "curl",
                "-sk",
                "--max-time",
                "5",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                `https://10.89.0.10:6443${path}`,
            ];
            return (await lab.inNamespace(words)).stdout;
        };
        assert.equal(await status("/readyz"), "200");
        assert.equal(await status("/livez"), "200");
        assert.equal(await status("/api"), "401");
        assert.equal(await status("/version"), "401");
    });

    it("keeps Secrets encrypted in etcd", async () => {
        const word = "in-clear-it-would-read-so";
        await lab.kubectl("create", "secret", "generic", "proof", `--from-literal=word=${word}`);
        const stored = await lab.on(FIRST, etcdctl("get /registry/secrets/default/proof"));
        assert.match(stored, /k8s:enc:secretbox:v1/);
        assert.ok(!stored.includes(word));
        await lab.kubectl("delete", "secret", "proof");
    });

    it("writes an audit log on every control plane", async () => {
        for (const host of ["cp1", "cp2", "cp3"]) {
            assert.match(await lab.on(host, "tail -n 1 /var/log/kubernetes/audit/audit.log"), /"kind":"Event"/);
        }
    });

    it("runs a step again on a host without changing it", async () => {
        const seen =
            "systemctl show -P ActiveEnterTimestampMonotonic kubelet containerd; md5sum /etc/containerd/config.toml";
        const before = await lab.on("w1", seen);
        const { status, stdout, stderr } = await lab.pulumi(
            "up",
            "--yes",
            "--skip-preview",
            "--replace",
            await runtimeOf(lab, "w1"),
        );
        assert.equal(status, 0, stdout + stderr);
        assert.match(stdout, /w1-runtime replaced/);
        assert.equal(await lab.on("w1", seen), before);
    });

    it("leaves no key or token in clear in state files and logs", async () => {
        const secrets = await secretsOf(lab);
        assert.ok(secrets.length >= 8, "expected the secrets to look for");
        const folders = [path.join(lab.state, "pulumi")];
        const files = folders.flatMap(allFiles).filter((file) => !file.endsWith("/passphrase"));
        assert.ok(files.length > 5);
        for (const file of files) assertWithout(readFileSync(file, "latin1"), secrets, file);
        for (const host of ["lb1", "cp1", "cp2", "w1"]) {
            const logs = await lab.on(host, "cat /var/log/quorate/* ; journalctl --no-pager -o cat -n 20000");
            assertWithout(logs, secrets, `logs of ${host}`);
        }
    });

    it("refuses another Kubernetes version at preview, names quorate upgrade, and changes nothing", async () => {
        lab.configure((cluster) => ({ ...cluster, versions: { ...cluster.versions, kubernetes: "v1.36.4" } }));
        try {
            const { status, stdout, stderr } = await lab.pulumi("preview");
            assert.notEqual(status, 0);
            assert.match(
                stdout + stderr,
                /the cluster runs v1\.36\.3, configured is v1\.36\.4.*quorate upgrade --to v1\.36\.4/s,
            );
        } finally {
            lab.configure((cluster) => ({ ...cluster, versions: { ...cluster.versions, kubernetes: "v1.36.3" } }));
        }
        const { status } = await lab.pulumi("preview", "--expect-no-changes");
        assert.equal(status, 0);
    });

    it("refuses a wrong configuration with every error at once", async () => {
        const right: unknown[] = [];
        lab.configure((cluster) => {
            right.push(cluster);
            const hosts = cluster.hosts.filter((host) => host.name !== "cp3");
            return { ...cluster, hosts, endpoint: { ...cluster.endpoint, address: "10.90.0.10" } };
        });
        try {
            const { status, stdout, stderr } = await lab.pulumi("preview");
            assert.notEqual(status, 0);
            assert.match(
                stdout + stderr,
                /2 problems.*hosts: 2 control planes.*endpoint\.address: 10\.90\.0\.10 is outside/s,
            );
        } finally {
            lab.configure(() => right[0] as never);
        }
    });
}

/** The engine's name for the container runtime step of a host. */
async function runtimeOf(lab: ClusterLab, host: string): Promise<string> {
    const { stdout } = await lab.pulumi("stack", "--show-urns");
    const urn = stdout.match(/urn:\S+command:remote:Command::\S+/g)?.find((text) => text.endsWith(`::${host}-runtime`));
    assert.ok(urn, stdout);
    return urn;
}

function etcdctl(words: string): string {
    const pki = "/etc/kubernetes/pki/etcd";
    return `etcdctl --cacert ${pki}/ca.crt --cert ${pki}/healthcheck-client.crt --key ${pki}/healthcheck-client.key ${words}`;
}

function allFiles(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
}
