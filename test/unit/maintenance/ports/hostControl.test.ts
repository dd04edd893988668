import assert from "node:assert/strict";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import type { ApiCaller } from "../../../../maintenance/ports/apiCaller";
import { dnsQuery } from "../../../../maintenance/ports/dnsQuery";
import { openHostControl } from "../../../../maintenance/ports/hostControl";
import { ingressTargets } from "../../../../maintenance/ports/ingressProof";
import { networkTargets } from "../../../../maintenance/ports/podNetworkProof";
import { requestsOf } from "../../../../maintenance/ports/podView";
import { HostKeyError, RemoteError, UnreachableError, type Remote } from "../../../../maintenance/ports/remote";
import { FakeRemote, type Script } from "../../../fakes/fakeRemote";
import { sampleInventory } from "../../../fakes/sampleCluster";

const inventory = sampleInventory();
const noApi: ApiCaller = { call: () => Promise.reject(new Error("the API is not asked")) };
const open = (remote: Remote) => openHostControl(remote, { inventory, route: undefined, api: noApi });
const scripted = (script: Script) => open(new FakeRemote(script));

describe("hosts over SSH", () => {
    it("reads the boot id and the beginning of the boot", async () => {
        const hosts = scripted({ boot_id: { stdout: "6f1c-1\n" }, etimes: { stdout: "1795262400\n" } });
        assert.equal(await hosts.bootId("w1"), "6f1c-1");
        assert.equal((await hosts.bootedAt("w1")).toISOString(), "2026-11-21T12:00:00.000Z");
    });

    it("orders a reboot that does not need the connection", async () => {
        const remote = new FakeRemote({ "systemctl reboot": {} });
        await open(remote).reboot("w1");
        assert.match(
            remote.asked[0]?.command ?? "",
            /systemd-run .*--no-block --unit=quorate-reboot systemctl reboot$/,
        );
    });

    it("takes a connection that breaks under the order for the reboot, and nothing else", async () => {
        const failing = (error: Error): Remote => ({ exec: () => Promise.reject(error), close: () => undefined });
        await open(failing(new RemoteError("w1", "the connection broke during: x"))).reboot("w1");
        await assert.rejects(open(failing(new UnreachableError("w1", "no SSH"))).reboot("w1"), /no SSH/);
        await assert.rejects(open(failing(new HostKeyError("w1", "another key"))).reboot("w1"), /another key/);
        await assert.rejects(scripted({ reboot: { code: 1, stderr: "denied" } }).reboot("w1"), /denied/);
    });

    it("knows no host that is not in the inventory", async () => {
        await assert.rejects(scripted({}).bootId("w9"), /no host w9 in the inventory; expected one of lb1, lb2/);
    });
});

describe("what a host is asked to prove", () => {
    it("asks one ready pod on each other node, one with a port if there is one", () => {
        const pod = (
            name: string,
            node: string,
            change: { port?: number; ready?: boolean; host?: boolean } = {},
        ): V1Pod => ({
            metadata: { namespace: "a", name },
            spec: {
                nodeName: node,
                hostNetwork: change.host ?? false,
                containers: [{ name: "c", ports: change.port === undefined ? [] : [{ containerPort: change.port }] }],
            },
            status: {
                podIP: `10.244.0.${name.length}`,
                conditions: [{ type: "Ready", status: change.ready === false ? "False" : "True" }],
            },
        });
        const targets = networkTargets(
            [
                pod("x", "w2"),
                pod("xx", "w2", { port: 8080 }),
                pod("xxx", "w3", { ready: false }),
                pod("xxxx", "w3", { host: true }),
                pod("xxxxx", "w1", { port: 80 }),
                pod("xxxxxx", "cp1"),
            ],
            "w1",
        );
        assert.deepEqual(targets, [
            { pod: "a/xx", address: "10.244.0.2", port: 8080 },
            { pod: "a/xxxxxx", address: "10.244.0.6", port: 1 },
        ]);
    });

    it("asks the ingress of this very host, and another one what the answer should be", () => {
        const route = { hostHeader: "web.lab.test", path: "/hostname" };
        assert.deepEqual(ingressTargets(inventory, "cp2", route, false), [
            { url: "http://web.lab.test/hostname", through: "10.89.0.22:80", reference: "10.89.0.21:80" },
        ]);
        assert.equal(ingressTargets(inventory, "cp2", route, true)[0]?.reference, undefined);
        assert.equal(ingressTargets(inventory, "cp2", undefined, false)[0]?.url, "http://10.89.0.22:80/");
        assert.deepEqual(ingressTargets(inventory, "w1", route, true), []);
    });

    it("asks DNS in its own format", () => {
        const expected = "717501000001000000000000" + "0a6b756265726e65746573" + "056c6f63616c" + "00" + "00010001";
        assert.equal(dnsQuery("kubernetes.local").toString("hex"), expected);
    });
});

describe("the requests of a pod", () => {
    it("are what the scheduler counts: sidecars run on, init containers one after the other", () => {
        const container = (cpu: string, restartPolicy?: string) => ({
            name: "c",
            resources: { requests: { cpu, memory: "1Mi" } },
            ...(restartPolicy === undefined ? {} : { restartPolicy }),
        });
        const pod = (initContainers: V1Container[]): V1Pod => ({
            spec: { containers: [container("100m"), container("100m")], initContainers, overhead: { cpu: "10m" } },
        });
        assert.equal(requestsOf(pod([container("50m", "Always")])).cpu, 260);
        assert.equal(requestsOf(pod([container("50m", "Always"), container("1")])).cpu, 1060);
    });
});
