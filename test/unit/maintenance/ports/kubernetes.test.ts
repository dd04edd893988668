import assert from "node:assert/strict";
import { readKubeconfig } from "../../../../maintenance/ports/kubeconfig";
import { openKubernetes } from "../../../../maintenance/ports/kubernetes";
import { ConfigError } from "../../../../model/configError";
import { Duration } from "../../../../model/duration";
import { startApiServer, type Answers, type TestApiServer } from "../../../fakes/apiServer";
import { testAuthority, type TestAuthority } from "../../../fakes/testCertificates";

const TIMEOUT = Duration.seconds(20);
const SHORT = Duration.milliseconds(600);

function kubeconfig(ca: string | undefined): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [
            {
                name: "c",
                cluster: {
                    server: "https://192.0.2.1:6443",
                    ...(ca && { "certificate-authority-data": Buffer.from(ca).toString("base64") }),
                },
            },
        ],
        users: [{ name: "u", user: { token: "t0ken" } }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
    });
}

const lease = (name: string, holderIdentity: string) => ({
    metadata: { name },
    spec: { holderIdentity, renewTime: "2026-11-21T11:59:58.000000Z", leaseDurationSeconds: 15 },
});

const ANSWERS: Answers = {
    "/version": { body: { major: "1", minor: "36", gitVersion: "v1.36.3" } },
    "/api/v1/nodes": {
        body: { items: [{ metadata: { name: "w1" }, status: { conditions: [{ type: "Ready", status: "True" }] } }] },
    },
    "/apis/apps/v1/daemonsets": {
        body: {
            items: [
                {
                    metadata: { namespace: "kube-system", name: "kube-proxy" },
                    status: { desiredNumberScheduled: 6, numberReady: 5 },
                },
            ],
        },
    },
    "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler": {
        body: lease("kube-scheduler", "cp1_x"),
    },
    "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager": {
        body: lease("kube-controller-manager", "cp2_y"),
    },
};

describe("the Kubernetes port", () => {
    let authority: TestAuthority;
    const servers: TestApiServer[] = [];

    const start = async (answers: Answers) => {
        const server = await startApiServer(authority, answers);
        servers.push(server);
        return server;
    };
    const open = (ca = authority.pem, timeout = TIMEOUT) =>
        openKubernetes(readKubeconfig({ subject: "test", text: kubeconfig(ca) }), timeout);

    before(() => {
        authority = testAuthority();
    });

    afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

    it("asks the server of one's choice with the kubeconfig's credentials", async () => {
        const server = await start(ANSWERS);
        const facts = await open().facts(server.url);
        assert.deepEqual(
            facts.nodes.map(({ name, ready }) => [name, ready]),
            [["w1", true]],
        );
        assert.deepEqual(facts.daemonSets, [{ namespace: "kube-system", name: "kube-proxy", desired: 6, ready: 5 }]);
        assert.deepEqual(facts.leases[1], {
            name: "kube-controller-manager",
            holder: "cp2_y",
            renewedAt: new Date("2026-11-21T11:59:58Z"),
            durationSeconds: 15,
        });
        assert.deepEqual(new Set(server.authorizations), new Set(["Bearer t0ken"]));
    });

    it("tells an API server's version", async () => {
        assert.equal(await open().version((await start(ANSWERS)).url), "v1.36.3");
    });

    it("gives up on a server that hangs", async () => {
        const server = await start({});
        const started = Date.now();
        await assert.rejects(open(authority.pem, SHORT).version(server.url), /^Error: no answer within 600ms$/);
        assert.ok(Date.now() - started < TIMEOUT.milliseconds);
    });

    it("tells what the API server says when it refuses", async () => {
        const refusal = { kind: "Status", message: "nodes is forbidden: User cannot list" };
        const server = await start({ ...ANSWERS, "/api/v1/nodes": { status: 403, body: refusal } });
        await assert.rejects(
            open().facts(server.url),
            /^Error: the API server says 403: nodes is forbidden: User cannot list$/,
        );
    });

    it("does not talk to a server with another authority's certificate", async () => {
        const server = await start(ANSWERS);
        await assert.rejects(open(testAuthority().pem).version(server.url), /certificate/);
        assert.deepEqual(server.authorizations, []);
    });
});

describe("a kubeconfig", () => {
    it("gives the address and the CA", async () => {
        const { pem } = testAuthority();
        const access = readKubeconfig({ subject: "test", text: kubeconfig(pem) });
        assert.equal(access.server, "https://192.0.2.1:6443");
        assert.equal(access.certificateAuthority, pem);
    });

    for (const [what, text, says] of [
        ["is no kubeconfig", "::: nonsense", /test: 1 problem/],
        ["has no cluster", "{}", /current-context: names no cluster|is no kubeconfig/],
        ["has no CA", kubeconfig(undefined), /clusters\.c: has no certificate-authority-data/],
    ] as const) {
        it(`is refused when it ${what}`, () => {
            assert.throws(
                () => readKubeconfig({ subject: "test", text }),
                (error: Error) => {
                    assert.ok(error instanceof ConfigError, error.stack);
                    assert.match(error.message, says);
                    return true;
                },
            );
        });
    }
});
