import assert from "node:assert/strict";
import type { V1Container, V1ContainerPort, V1Pod } from "@kubernetes/client-node";
import type { ApiCaller } from "../../../../maintenance/ports/apiCaller";
import { dnsQuery } from "../../../../maintenance/ports/dnsQuery";
import { openHostControl } from "../../../../maintenance/ports/hostControl";
import { ingressTargets } from "../../../../maintenance/ports/ingressProof";
import { networkTargets } from "../../../../maintenance/ports/podNetworkProof";
import { requestsOf } from "../../../../maintenance/ports/podView";
import { HostKeyError, RemoteError, UnreachableError, type Remote } from "../../../../maintenance/ports/remote";
import { DetachedHost } from "../../../fakes/detachedHost";
import { fakeClock } from "../../../fakes/fakeClock";
import { FakeRemote, type Script } from "../../../fakes/fakeRemote";
import { sampleInventory } from "../../../fakes/sampleCluster";

const inventory = sampleInventory();
/** An API whose only answer is the list of these pods. */
const apiWith = (pods: readonly V1Pod[]) => ({ call: () => Promise.resolve({ items: pods }) }) as unknown as ApiCaller;
const open = (remote: Remote, pods: readonly V1Pod[] = []) =>
    openHostControl(remote, { inventory, route: undefined, api: apiWith(pods) });
const scripted = (script: Script) => open(new FakeRemote(script));

describe("hosts over SSH", () => {
    it("reads the boot id", async () => {
        assert.equal(await scripted({ boot_id: { stdout: "6f1c-1\n" } }).bootId("w1"), "6f1c-1");
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

    it("stops and starts the API server in units of the host, once, also over a connection that breaks", async () => {
        const inner = new FakeRemote({ "pkill -TERM -x kube-apiserver": {}, readyz: {} });
        const host = new DetachedHost(inner, { clock: fakeClock(), faults: ["answer", "during"] });
        await open(host).stopApiServer("cp1");
        await open(host).startApiServer("cp1");
        assert.deepEqual(host.units, ["quorate-stop-api-server", "quorate-start-api-server"]);
        assert.equal(inner.asked.length, 2);
    });

    it("tells what it sees when the host dies while its API server is stopped or started", async () => {
        const inner = new FakeRemote({ "pkill -TERM -x kube-apiserver": {}, readyz: {} });
        const dying = () => open(new DetachedHost(inner, { clock: fakeClock(), faults: ["unreachable"] }));
        const reports: string[] = [];
        const report = (line: string) => void reports.push(line);
        await dying().stopApiServer("cp1", report);
        await dying().startApiServer("cp1", report);
        assert.deepEqual(reports, [
            "stopping the API server: no SSH at 10.89.0.21:22; asking again",
            "starting the API server: no SSH at 10.89.0.21:22; asking again",
        ]);
    });

    it("tells the pods behind the balancers' ingress servers to end with the API server, and no others", async () => {
        const pod = (uid: string, spec: Partial<V1Pod["spec"]>): V1Pod => ({
            metadata: { uid },
            spec: { nodeName: "cp1", containers: [], ...spec },
        });
        const container = (port: object): V1Container[] => [{ name: "a", ports: [port as V1ContainerPort] }];
        const inner = new FakeRemote({ "pkill -TERM -x kube-apiserver": {} });
        const pods = [
            pod("by-host-port", { containers: container({ hostPort: 80, containerPort: 9999 }) }),
            pod("in-host-network", { hostNetwork: true, containers: container({ containerPort: 80 }) }),
            pod("elsewhere", { containers: container({ containerPort: 80 }) }),
            pod("other-port", { hostNetwork: true, containers: container({ containerPort: 10249 }) }),
        ];
        await open(new DetachedHost(inner), pods).stopApiServer("cp1");
        assert.match(inner.asked[0]?.command ?? "", /^for uid in by-host-port in-host-network; do$/m);
    });

    it("ends the opposite step first: an abort after a killed driver finds it under way", async () => {
        const inner = new FakeRemote({ "systemctl stop": {} });
        const hosts = open(new DetachedHost(inner));
        await hosts.stopApiServer("cp1");
        await hosts.startApiServer("cp1");
        const first = inner.asked.map(({ command }) => command.trim().split("\n")[0]);
        assert.deepEqual(first, [
            "systemctl stop quorate-start-api-server.service 2>/dev/null",
            "systemctl stop quorate-stop-api-server.service 2>/dev/null",
        ]);
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
        assert.deepEqual(ingressTargets(inventory, "cp2", [route], false), [
            {
                through: "10.89.0.22:80",
                reference: "10.89.0.21:80",
                nobody: "http://nobody.quorate.invalid/",
                urls: ["http://web.lab.test/hostname"],
            },
        ]);
        assert.equal(ingressTargets(inventory, "cp2", [route], true)[0]?.reference, undefined);
        assert.deepEqual(ingressTargets(inventory, "cp2", [], false)[0]?.urls, ["http://10.89.0.22:80/"]);
        assert.deepEqual(ingressTargets(inventory, "w1", [route], true), []);
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
