import assert from "node:assert/strict";
import {
    parseAlarms,
    parseEndpointHealth,
    parseEndpointStatus,
    parseMemberList,
} from "../../../../maintenance/ports/etcdOutput";

// Recorded from etcdctl 3.6.16 against three members.
const MEMBERS = `{"header":{"cluster_id":1544400459209151776,"member_id":14911322713731308501,"raft_term":2},"members":[{"ID":11334036390865092327,"name":"cp2","peerURLs":["https://10.89.0.22:2380"],"clientURLs":["https://10.89.0.22:2379"]},{"ID":14911322713731308501,"peerURLs":["https://10.89.0.24:2380"],"isLearner":true}]}`;
const STATUS = `[{"Endpoint":"http://127.0.0.1:13791","Status":{"header":{"cluster_id":1544400459209151776,"member_id":14911322713731308501,"revision":2,"raft_term":2},"version":"3.6.16","dbSize":20480,"leader":11334036390865092327,"raftIndex":9,"raftTerm":2,"raftAppliedIndex":9,"dbSizeInUse":16384,"storageVersion":"3.6.0","dbSizeQuota":2147483648,"downgradeInfo":{}}}]`;
const NO_LEADER = `[{"Endpoint":"http://127.0.0.1:13791","Status":{"header":{"cluster_id":1544400459209151776,"member_id":14911322713731308501,"revision":2,"raft_term":3},"version":"3.6.16","dbSize":20480,"raftIndex":13,"raftTerm":3,"raftAppliedIndex":13,"errors":["etcdserver: no leader"],"dbSizeInUse":16384,"storageVersion":"3.6.0","dbSizeQuota":2147483648,"downgradeInfo":{}}}]`;

describe("etcdctl's output", () => {
    it("keeps 64-bit member ids exact, in the notation that etcdctl takes", () => {
        const [started] = parseMemberList(MEMBERS);
        assert.equal(started?.id, "9d4a960c14dd3ee7");
        assert.equal(started?.name, "cp2");
        assert.equal(started?.started, true);
        assert.equal(started?.learner, false);
    });

    it("knows a member that was added and never started", () => {
        const ghost = parseMemberList(MEMBERS)[1];
        assert.deepEqual(ghost, {
            id: BigInt("14911322713731308501").toString(16),
            name: "",
            peerUrls: ["https://10.89.0.24:2380"],
            clientUrls: [],
            learner: true,
            started: false,
        });
    });

    it("reads a member's status with its leader", () => {
        assert.deepEqual(parseEndpointStatus(STATUS), {
            id: "ceefa9012b2b1bd5",
            leaderId: "9d4a960c14dd3ee7",
            learner: false,
            revision: 2,
            version: "3.6.16",
            databaseBytes: 20480,
            databaseBytesInUse: 16384,
            databaseQuotaBytes: 2147483648,
            errors: [],
        });
    });

    it("reads a status without leader", () => {
        const status = parseEndpointStatus(NO_LEADER);
        assert.equal(status.leaderId, undefined);
        assert.deepEqual(status.errors, ["etcdserver: no leader"]);
    });

    it("reads health with its reason", () => {
        const healthy = `[{"endpoint":"http://127.0.0.1:13791","health":true,"took":"3.880993ms"}]`;
        const sick = `[{"endpoint":"http://127.0.0.1:13792","health":false,"took":"2.001094583s","error":"context deadline exceeded"}]`;
        assert.deepEqual(parseEndpointHealth(healthy), { healthy: true, reason: "" });
        assert.deepEqual(parseEndpointHealth(sick), { healthy: false, reason: "context deadline exceeded" });
    });

    it("names alarms, and knows the absence of any", () => {
        const none = `{"header":{"cluster_id":1544400459209151776,"member_id":14911322713731308501,"revision":2,"raft_term":2}}`;
        const noSpace = `{"header":{"raft_term":2},"alarms":[{"memberID":11334036390865092327,"alarm":1}]}`;
        assert.deepEqual(parseAlarms(none), []);
        assert.deepEqual(parseAlarms(noSpace), [{ memberId: "9d4a960c14dd3ee7", alarm: "NOSPACE" }]);
    });

    it("names what it got when that is not etcdctl's JSON", () => {
        assert.throws(() => parseEndpointStatus("null\n"), /endpoint status answered "null\\n"; expected/);
        assert.throws(() => parseMemberList("Error: context deadline exceeded"), /member list answered/);
    });
});
