import assert from "node:assert/strict";
import { openCaller, type Caller } from "../../../maintenance/probe/caller";
import { preciseNow } from "../../../maintenance/probe/preciseClock";
import type { HttpTarget } from "../../../maintenance/probe/target";
import { toSample } from "../../../maintenance/probe/toSample";
import { answer, badGateway, cut, hang, reset, resetKept, startProbeServer, type ProbeServer } from "./probeServer";

describe("requests to a server that misbehaves", () => {
    let server: ProbeServer;
    const callers: Caller[] = [];

    const target = (connection: "new" | "reused"): HttpTarget => ({
        name: `ingress/${connection}`,
        kind: "ingress",
        connection,
        channels: 1,
        rate: 1,
        counted: true,
        question: { secure: false, host: "127.0.0.1", port: server.port, path: "/", headers: {} },
    });

    /** Sends one request after the other over the same target. */
    function client(connection: "new" | "reused") {
        const asked = target(connection);
        const caller = openCaller(asked, false);
        callers.push(caller);
        return async (method: "GET" | "PATCH" = "GET", patience = 5000) => {
            const planned = preciseNow();
            const call = await caller.call({ ...asked.question, method }, 0, planned + patience);
            return toSample(asked, { channel: 0, planned }, call);
        };
    }

    beforeEach(async () => {
        server = await startProbeServer();
    });

    afterEach(async () => {
        callers.splice(0).forEach((caller) => caller.close());
        await server.close();
    });

    it("are good when it answers, and name the pod", async () => {
        const { ok, status, error, pod, connection } = await client("new")();
        assert.deepEqual([ok, status, error, pod, connection], [true, 200, null, "web-1", "new"]);
    });

    it("use a new connection each, or one that is kept", async () => {
        const fresh = client("new");
        for (let count = 0; count < 3; count += 1) assert.equal((await fresh()).connection, "new");
        assert.equal(server.connections, 3);
        const kept = client("reused");
        const used = [await kept(), await kept(), await kept()].map(({ connection }) => connection);
        assert.deepEqual(used, ["new", "reused", "reused"]);
        assert.equal(server.connections, 4);
    });

    for (const [what, manner, error, status, detail] of [
        ["resets", reset, "reset", null, /ECONNRESET|hang up/],
        ["answers 502", badGateway, "status", 502, /^no server$/],
        ["breaks off in the middle of an answer", cut, "cut", 200, /too early/],
    ] as const) {
        it(`fail when it ${what}`, async () => {
            server.manner = manner;
            const sample = await client("new")();
            assert.deepEqual([sample.ok, sample.error, sample.status], [false, error, status]);
            assert.match(sample.detail, detail);
        });
    }

    it("fail when nobody listens", async () => {
        const ask = client("new");
        await server.close();
        const sample = await ask();
        assert.deepEqual([sample.ok, sample.error], [false, "refused"]);
        server = await startProbeServer();
    });

    it("fail at their deadline when it hangs, whether before or in the middle of an answer", async () => {
        const halfway = ({ response }: Parameters<typeof hang>[0]) => {
            response.writeHead(200);
            response.write("some");
        };
        for (const manner of [hang, halfway]) {
            server.manner = manner;
            const { ok, error, planned, end } = await client("new")("GET", 200);
            assert.deepEqual([ok, error], [false, "timeout"]);
            assert.ok(end - planned >= 199, `${end - planned}`);
        }
    });

    it("do not wait for each other on a kept connection: a busy one gets a second beside it", async () => {
        const kept = client("reused");
        await kept();
        server.manner = hang;
        const stuck = kept("GET", 500);
        while (server.requests < 2) await new Promise(setImmediate);
        server.manner = answer;
        const beside = await kept();
        assert.deepEqual([beside.ok, beside.connection], [true, "new"]);
        assert.equal((await stuck).error, "timeout");
    });

    describe("when it resets kept connections at their second request", () => {
        beforeEach(() => {
            server.manner = resetKept;
        });

        it("are sent once more on a fresh connection, which is told", async () => {
            const kept = client("reused");
            await kept();
            const second = await kept();
            assert.deepEqual([second.ok, second.retriedOnFreshConnection, second.connection], [true, true, "new"]);
            assert.equal(server.requests, 3);
        });

        it("are not sent again when they write", async () => {
            const kept = client("reused");
            await kept();
            const second = await kept("PATCH");
            assert.deepEqual([second.ok, second.error, second.retriedOnFreshConnection], [false, "reset", false]);
        });

        it("are sent again only once", async () => {
            const kept = client("reused");
            await kept();
            server.manner = reset;
            const second = await kept();
            assert.deepEqual([second.ok, second.error, second.retriedOnFreshConnection], [false, "reset", true]);
            assert.equal(server.requests, 3);
        });
    });

    it("are not sent again when the answer had begun", async () => {
        const kept = client("reused");
        await kept();
        server.manner = cut;
        const second = await kept();
        assert.deepEqual([second.ok, second.error, second.retriedOnFreshConnection], [false, "cut", false]);
    });
});
