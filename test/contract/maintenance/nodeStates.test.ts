import assert from "node:assert/strict";
import { nodeStates } from "../../../maintenance/ports/nodeStates";
import { refusal, startRebootApi, type Answer, type RebootApi } from "./rebootApi";

const TABLE: Answer = {
    body: {
        kind: "Table",
        apiVersion: "meta.k8s.io/v1",
        columnDefinitions: [{ name: "Name" }, { name: "Status" }],
        rows: [{ cells: ["w1", "Ready,SchedulingDisabled"], object: null }],
    },
};

describe("states of nodes over the Kubernetes API", () => {
    let server: RebootApi | undefined;
    afterEach(() => server?.close());

    it("are asked for as a table without objects, from the server's cache", async () => {
        server = await startRebootApi(() => TABLE);
        assert.deepEqual(await nodeStates(server.api), [{ name: "w1", condition: "Ready", cordoned: true }]);
        const [asked, ...more] = server.asked;
        assert.equal(more.length, 0);
        assert.equal(asked?.path, "/api/v1/nodes");
        assert.equal(asked?.accept, "application/json;as=Table;v=v1;g=meta.k8s.io");
        assert.deepEqual(Object.fromEntries(asked?.query ?? []), { includeObject: "None", resourceVersion: "0" });
    });

    it("come from the next API server when one does not answer", async () => {
        server = await startRebootApi(() => TABLE, 1);
        assert.equal((await nodeStates(server.api)).length, 1);
    });

    it("are refused in the server's words", async () => {
        server = await startRebootApi(() => refusal(403, "nodes is forbidden"));
        await assert.rejects(nodeStates(server.api), /the API server says 403: nodes is forbidden/);
    });
});
