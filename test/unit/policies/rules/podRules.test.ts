import assert from "node:assert/strict";
import { UNKNOWN } from "../../../../policies/graph/value";
import { imageTag } from "../../../../policies/rules/imageTag";
import { livenessPatience } from "../../../../policies/rules/livenessPatience";
import { preStop } from "../../../../policies/rules/preStop";
import { preStopFitsGrace } from "../../../../policies/rules/preStopFitsGrace";
import { readinessProbe } from "../../../../policies/rules/readinessProbe";
import { requestsAndLimits } from "../../../../policies/rules/requestsAndLimits";
import { assertFindings, container, deployment, object, podSpec, resource } from "../sample";

const web = (changes: Parameters<typeof podSpec>[0], more?: Parameters<typeof podSpec>[1]) => [
    deployment("web", {}, podSpec(changes, more)),
];

describe("image-tag", () => {
    it("finds latest and no tag, also behind a registry's port and in init containers", () => {
        assertFindings(imageTag, web({ image: "web:latest" }), [
            /Deployment shop\/web, container app: image web:latest/,
        ]);
        assertFindings(imageTag, web({ image: "registry:5000/web" }), [/has no tag, which means latest/]);
        assertFindings(imageTag, web({}, { initContainers: [{ name: "init", image: "init" }] }), [
            /container init: image init has no tag/,
        ]);
    });

    it("looks into jobs and pods as well", () => {
        const template = { spec: { containers: [{ name: "job", image: "job" }] } };
        assertFindings(imageTag, [object("batch/v1:Job", "job", { template })], [/Job shop\/job, container job/]);
        assertFindings(
            imageTag,
            [object("batch/v1:CronJob", "job", { jobTemplate: { spec: { template } } })],
            [/CronJob shop\/job, container job/],
        );
        assertFindings(imageTag, [resource("kubernetes:core/v1:Pod", "pod", template)], [/Pod pod, container job/]);
    });

    it("accepts versions, digests, and images that are not known yet", () => {
        for (const image of ["web:1.4.2", "registry:5000/web:v2", "web@sha256:00", "web:latest@sha256:00", UNKNOWN]) {
            assertFindings(imageTag, web({ image }), []);
        }
    });
});

describe("readiness-probe", () => {
    it("finds a container that listens without one", () => {
        assertFindings(readinessProbe, web({ readinessProbe: undefined }), [/container app: listens but has no readi/]);
    });

    it("accepts one, and containers that do not listen", () => {
        assertFindings(readinessProbe, web({ readinessProbe: UNKNOWN }), []);
        assertFindings(readinessProbe, web({ readinessProbe: undefined, ports: [] }), []);
    });
});

describe("liveness-patience", () => {
    const probe = { httpGet: { path: "/ready", port: 8080 } };

    it("finds the same question asked as often", () => {
        assertFindings(
            livenessPatience,
            web({ readinessProbe: { ...probe, periodSeconds: 20 }, livenessProbe: probe }),
            [/livenessProbe restarts after 30 s what readinessProbe takes out of service after 60 s/],
        );
    });

    it("accepts more patience, another question, and none", () => {
        assertFindings(livenessPatience, web({ livenessProbe: { ...probe, failureThreshold: 4 } }), []);
        assertFindings(livenessPatience, web({ livenessProbe: { httpGet: { path: "/live", port: 8080 } } }), []);
        assertFindings(livenessPatience, web({ livenessProbe: { ...probe, periodSeconds: UNKNOWN } }), []);
        assertFindings(livenessPatience, web({}), []);
    });
});

describe("pre-stop", () => {
    const waits = (...command: string[]) => web({ lifecycle: { preStop: { exec: { command } } } });

    it("finds a container that listens without one", () => {
        assertFindings(preStop, web({ lifecycle: undefined }), [/has no preStop; write lifecycle: .*seconds: 5/]);
    });

    it("finds one that is too short, as an action or a command", () => {
        assertFindings(preStop, web({ lifecycle: { preStop: { sleep: { seconds: 2 } } } }), [/waits 2 s; write 5 s/]);
        assertFindings(preStop, waits("sh", "-c", "touch /tmp/x; sleep 3"), [/waits 3 s/]);
        assertFindings(preStop, waits("/bin/sleep", "8"), [/waits 8 s; write 10 s/], { seconds: 10 });
    });

    it("accepts long ones, those whose length cannot be read, and pods that nobody dials", () => {
        for (const resources of [waits("sleep", "5"), waits("/drain"), web({ lifecycle: { preStop: UNKNOWN } })]) {
            assertFindings(preStop, resources, []);
        }
        assertFindings(preStop, web({ lifecycle: undefined, ports: undefined }), []);
        const agent = { template: { spec: podSpec({ lifecycle: undefined }) } };
        assertFindings(preStop, [object("apps/v1:DaemonSet", "agent", agent)], []);
    });
});

describe("pre-stop-fits-grace", () => {
    it("finds a preStop as long as the pod has, by itself 30 s", () => {
        const long = { lifecycle: { preStop: { sleep: { seconds: 30 } } } };
        assertFindings(preStopFitsGrace, web(long), [
            /container app: preStop waits 30 s, but Deployment shop\/web is killed after 30 s; write .*: 60/,
        ]);
        assertFindings(preStopFitsGrace, web({}, { terminationGracePeriodSeconds: 5 }), [/8 s.*after 5 s/]);
    });

    it("accepts more time, and leaves the configured margin to the application", () => {
        assertFindings(preStopFitsGrace, web({}, { terminationGracePeriodSeconds: 9 }), []);
        assertFindings(preStopFitsGrace, web({}, { terminationGracePeriodSeconds: 9 }), [/9 s/], { marginSeconds: 5 });
        assertFindings(preStopFitsGrace, web({}, { terminationGracePeriodSeconds: UNKNOWN }), []);
    });

    it("remedies by giving more time, and only then", () => {
        const remedy = (grace: number | typeof UNKNOWN) => {
            const [{ properties } = deployment("none")] = web({}, { terminationGracePeriodSeconds: grace });
            return preStopFitsGrace.remedy?.(properties).map(({ path, value }) => [path.at(-1), value]);
        };
        assert.deepEqual(remedy(8), [["terminationGracePeriodSeconds", 38]]);
        assert.deepEqual(remedy(9), []);
        assert.deepEqual(remedy(UNKNOWN), []);
    });
});

describe("requests-and-limits", () => {
    it("finds what is missing, all at once", () => {
        assertFindings(requestsAndLimits, web({ resources: { requests: { cpu: "1" } } }), [
            /has no resources\.requests\.memory, resources\.limits\.memory; write/,
        ]);
    });

    it("accepts limits in place of requests, and values that are not known yet", () => {
        assertFindings(requestsAndLimits, web({ resources: { limits: { cpu: "1", memory: "1Gi" } } }), []);
        assertFindings(requestsAndLimits, web({ resources: UNKNOWN }), []);
        assertFindings(requestsAndLimits, [deployment("web", {}, { containers: [UNKNOWN, container] })], []);
    });
});
