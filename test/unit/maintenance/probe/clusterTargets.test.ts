import assert from "node:assert/strict";
import { answeringPod } from "../../../../maintenance/probe/answeringPod";
import { apiTargets, ingressTargets, readinessTargets } from "../../../../maintenance/probe/clusterTargets";
import { failureClass } from "../../../../maintenance/probe/failureClass";
import { sampleInventory } from "../../../fakes/sampleCluster";

const PLAN = {
    ingressUrl: "http://10.89.0.10/path?a=b",
    ingressHost: undefined,
    ingressRate: 100,
    apiRate: 8,
    backendRate: 2,
};
const INVENTORY = sampleInventory();

describe("what is probed", () => {
    it("is the ingress on new and on several kept connections, half of the rate each", () => {
        const counted = ingressTargets(INVENTORY, PLAN).filter((target) => target.counted);
        assert.deepEqual(
            counted.map(({ name, rate, channels, question }) => [name, rate, channels > 1, question.path]),
            [
                ["ingress/new", 50, false, "/path?a=b"],
                ["ingress/reused", 50, true, "/path?a=b"],
            ],
        );
    });

    it("is each ingress server once, asked for the same application, and not counted", () => {
        const direct = ingressTargets(INVENTORY, PLAN).filter((target) => !target.counted);
        assert.deepEqual(
            direct.map(({ name, rate, question }) => [name, rate, question.host, question.port, question.headers.host]),
            ["cp1", "cp2", "cp3"].map((name, index) => [
                `backend/${name}`,
                2,
                `10.89.0.2${index + 1}`,
                80,
                "10.89.0.10",
            ]),
        );
    });

    it("has the host header and the certificate's name of the application", () => {
        const plan = { ...PLAN, ingressUrl: "https://10.89.0.10:8443/", ingressHost: "shop.example:8443" };
        const [first] = ingressTargets(INVENTORY, plan);
        assert.deepEqual(first?.question, {
            secure: true,
            host: "10.89.0.10",
            port: 8443,
            path: "/",
            headers: { host: "shop.example:8443" },
            servername: "shop.example",
        });
    });

    it("is no server when no frontend listens on the port", () => {
        const targets = ingressTargets(INVENTORY, { ...PLAN, ingressUrl: "http://10.89.0.10:8080/" });
        assert.deepEqual(
            targets.map(({ name }) => name),
            ["ingress/new", "ingress/reused"],
        );
    });

    for (const text of ["10.89.0.10", "ftp://10.89.0.10/", ""]) {
        it(`is refused for the address "${text}"`, () => {
            assert.throws(
                () => ingressTargets(INVENTORY, { ...PLAN, ingressUrl: text }),
                /--ingress-url: .* is no address/,
            );
        });
    }

    it("is the API by reads, writes and a watch through the endpoint, and /readyz only at each server", () => {
        const names = apiTargets(PLAN).map(({ name, rate }) => [name, rate]);
        assert.deepEqual(names, [
            ["api-read/new", 2],
            ["api-read/reused", 2],
            ["api-write/new", 2],
            ["api-write/reused", 2],
            ["api-watch", 0],
        ]);
        assert.ok(apiTargets(PLAN).every(({ counted }) => counted));
        assert.deepEqual(
            readinessTargets(INVENTORY, PLAN).map(({ name, counted, question }) => [name, counted, question.port]),
            ["cp1", "cp2", "cp3"].map((name) => [`readyz/${name}`, false, 6443]),
        );
        assert.deepEqual(readinessTargets(INVENTORY, { ...PLAN, apiRate: 0 }), []);
    });
});

describe("the answering pod", () => {
    for (const [what, headers, body, pod] of [
        ["in whoami's words", {}, "Hostname: web-7d9f-x2\nIP: 127.0.0.1\n", "web-7d9f-x2"],
        ["in JSON", {}, '{"version":"1","pod":"web-0"}', "web-0"],
        ["in a header", { "x-pod-name": "web-1" }, "hello", "web-1"],
        ["not at all", {}, "hello", null],
    ] as const) {
        it(`is read ${what}`, () => assert.equal(answeringPod(headers, body), pod));
    }
});

describe("the class of a failure", () => {
    for (const [code, expected] of [
        ["ECONNREFUSED", "refused"],
        ["ECONNRESET", "reset"],
        ["EPIPE", "reset"],
        ["EHOSTUNREACH", "unreachable"],
        ["EADDRNOTAVAIL", "local"],
        ["HPE_INVALID_CONSTANT", "protocol"],
        ["CERT_HAS_EXPIRED", "tls"],
        ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
        ["ENOVEL", "other"],
    ] as const) {
        it(`is ${expected} for ${code}`, () =>
            assert.equal(failureClass(Object.assign(new Error(), { code })), expected));
    }

    it("is other for what is no error", () => assert.equal(failureClass(undefined), "other"));
});
