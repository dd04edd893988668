import assert from "node:assert/strict";
import { container, objects, pod } from "./renderedWorkload";

describe("a workload's pod that ends", () => {
    it("serves on for 8 s without a shell, then has time for its own drain (TRAPS 65)", () => {
        assert.deepEqual(container().lifecycle, { preStop: { sleep: { seconds: 8 } } });
        assert.equal(pod().terminationGracePeriodSeconds, 8 + 15 + 5);
    });

    it("has the times that were asked for", () => {
        const slow = pod((args) => (args.drain = { preStop: "20s", app: "1m" }));
        assert.equal(slow.containers[0].lifecycle.preStop.sleep.seconds, 20);
        assert.equal(slow.terminationGracePeriodSeconds, 20 + 60 + 5);
        assert.equal(pod((args) => (args.drain = { grace: "24s" })).terminationGracePeriodSeconds, 24);
    });
});

describe("a workload's probes", () => {
    it("ask often whether it can serve, and rarely whether it must be restarted", () => {
        assert.deepEqual(container().readinessProbe, {
            httpGet: { path: "/ready", port: "http" },
            periodSeconds: 2,
            timeoutSeconds: 1,
            failureThreshold: 2,
        });
        assert.deepEqual(container().livenessProbe, {
            tcpSocket: { port: "http" },
            periodSeconds: 10,
            timeoutSeconds: 5,
            failureThreshold: 6,
        });
    });

    it("give it a minute to start before liveness counts", () => {
        assert.deepEqual(container().startupProbe, {
            tcpSocket: { port: "http" },
            periodSeconds: 1,
            timeoutSeconds: 5,
            failureThreshold: 60,
        });
    });

    it("ask at start what liveness asks", () => {
        const asked = container((args) => {
            args.ports.push({ name: "admin", containerPort: 8081 });
            args.probes.liveness = { path: "/alive", port: "admin" };
            args.probes.startup = { limit: "5m", period: "7s" };
        });
        assert.deepEqual(asked.livenessProbe.httpGet, { path: "/alive", port: "admin" });
        assert.deepEqual(asked.startupProbe.httpGet, { path: "/alive", port: "admin" });
        assert.equal(asked.startupProbe.failureThreshold, 43);
        assert.deepEqual(asked.readinessProbe.httpGet, { path: "/ready", port: "http" });
    });
});

describe("a workload's resources", () => {
    const resources = (given: object) => container((args) => (args.resources = given)).resources;

    it("are equal requests and limits when guaranteed", () => {
        const amounts = { cpu: "100m", memory: "64Mi" };
        assert.deepEqual(resources({ qos: "guaranteed", ...amounts }), { requests: amounts, limits: amounts });
    });

    it("have room above the requests when burstable", () => {
        const requests = { cpu: "100m", memory: "64Mi" };
        assert.deepEqual(resources({ qos: "burstable", requests, limits: { memory: "1Gi" } }), {
            requests,
            limits: { memory: "1Gi" },
        });
        const limits = { cpu: "1", memory: "1Gi" };
        assert.deepEqual(resources({ qos: "burstable", requests, limits }), { requests, limits });
    });

    it("are none when best effort", () => assert.deepEqual(resources({ qos: "bestEffort" }), {}));
});

describe("a workload's rights", () => {
    it("are none with the API unless it asks for them", () => {
        assert.equal(objects().serviceAccount.automountServiceAccountToken, false);
        assert.equal(pod().automountServiceAccountToken, false);
        assert.equal(pod((args) => (args.apiToken = true)).automountServiceAccountToken, true);
        assert.equal(pod().serviceAccountName, "shop");
    });

    it("are those of the restricted standard", () => {
        assert.deepEqual(pod().securityContext, {
            runAsNonRoot: true,
            seccompProfile: { type: "RuntimeDefault" },
        });
        assert.deepEqual(container().securityContext, {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: false,
            capabilities: { drop: ["ALL"] },
        });
    });

    it("are more only by name", () => {
        const given = pod((args) => (args.security = { user: 101, readOnlyRoot: true, capabilities: ["NET_RAW"] }));
        assert.equal(given.securityContext.runAsUser, 101);
        assert.equal(given.securityContext.fsGroup, 101);
        assert.deepEqual(given.containers[0].securityContext.capabilities, { drop: ["ALL"], add: ["NET_RAW"] });
        assert.equal(given.containers[0].securityContext.readOnlyRootFilesystem, true);
        assert.equal(pod((args) => (args.security = { root: true })).securityContext.runAsNonRoot, false);
    });
});

describe("a workload's container", () => {
    it("uses the image's own command unless one is given", () => {
        assert.ok(!("command" in container() || "args" in container() || "env" in container()));
        const given = container((args) => Object.assign(args, { command: ["/serve"], args: ["--fast"] }));
        assert.deepEqual([given.command, given.args], [["/serve"], ["--fast"]]);
    });

    it("has variables with values, from secrets, settings and its own fields", () => {
        const env = {
            MODE: "fast",
            POD: { field: "metadata.name" },
            TOKEN: { secret: { name: "shop", key: "token" } },
            LEVEL: { configMap: { name: "shop", key: "level" } },
        };
        assert.deepEqual(container((args) => (args.env = env)).env, [
            { name: "MODE", value: "fast" },
            { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "TOKEN", valueFrom: { secretKeyRef: { name: "shop", key: "token" } } },
            { name: "LEVEL", valueFrom: { configMapKeyRef: { name: "shop", key: "level" } } },
        ]);
    });
});
