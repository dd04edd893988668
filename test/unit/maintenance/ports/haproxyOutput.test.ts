import assert from "node:assert/strict";
import { parseServers } from "../../../../maintenance/ports/haproxyOutput";

// Recorded from HAProxy 3.0; the statistics' columns after check_status are cut off.
const STATE = `1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port
3 k8s-api 1 cp1 10.89.0.21 2 0 1 1 3 8 3 3 6 0 0 0 - 6443 - 0 0 - - 0
3 k8s-api 2 cp2 10.89.0.22 0 0 1 1 3 8 2 0 6 0 0 0 - 6443 - 0 0 - - 0
4 ingress-http 2 cp2 10.89.0.22 0 1 1 1 0 1 0 0 0 0 0 0 - 80 - 0 0 - - 0
4 ingress-http 3 cp3 10.89.0.23 2 8 1 1 3 1 0 2 0 0 0 0 - 80 - 0 0 - - 0

`;
const STAT = `# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,
k8s-api,FRONTEND,,,7,9,9984,0,0,0,0,0,0,,,,,OPEN,,,,,,,,,1,2,0,,,,0,0,0,0,,
k8s-api,cp1,0,0,7,9,,90,0,0,,0,,0,0,0,0,UP,1,1,0,0,0,3,0,,1,3,1,,0,,2,0,,0,L7OK,
k8s-api,cp2,0,0,0,0,,0,0,0,,0,,0,0,0,0,DOWN,1,1,0,1,1,3,3,,1,3,2,,0,,2,0,,0,L4CON,
k8s-api,BACKEND,0,0,7,9,999,90,0,0,0,0,,0,0,0,0,UP,1,1,0,,0,3,0,,1,3,0,,0,,1,0,,0,,

`;

describe("HAProxy's output", () => {
    it("joins states and statistics of each server", () => {
        const [cp1, cp2] = parseServers(STATE, STAT);
        assert.deepEqual(cp1, {
            backend: "k8s-api",
            name: "cp1",
            address: "10.89.0.21",
            port: 6443,
            operational: "up",
            administrative: "ready",
            sessions: 7,
            lastCheck: "L7OK",
        });
        assert.equal(cp2?.operational, "down");
        assert.equal(cp2?.lastCheck, "L4CON");
    });

    it("tells what people have set from what the checks say", () => {
        const servers = parseServers(STATE, STAT);
        assert.equal(servers[2]?.administrative, "maint");
        assert.equal(servers[3]?.administrative, "drain");
        assert.equal(servers[3]?.operational, "up");
    });

    for (const [bits, expected] of [
        [0x00, "ready"],
        [0x02, "maint"],
        [0x04, "maint"],
        [0x10, "drain"],
        [0x20, "maint"],
        [0x40, "maint"],
        [0x09, "maint"],
    ] as const) {
        it(`reads admin state ${bits} as ${expected}`, () => {
            const state = STATE.replace("10.89.0.21 2 0 1", `10.89.0.21 2 ${bits} 1`);
            assert.equal(parseServers(state, STAT)[0]?.administrative, expected);
        });
    }

    it("names what it got when that is not HAProxy's table", () => {
        assert.throws(() => parseServers("Permission denied\n", STAT), /"show servers state" with "Permission denied/);
        assert.throws(() => parseServers(STATE, ""), /"show stat" with ""/);
        assert.throws(() => parseServers("1\n# be_id be_name\n3 k8s-api\n", STAT), /no column srv_name/);
    });
});
