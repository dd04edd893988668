import { UNKNOWN } from "../../../../policies/graph/value";
import { apiReadiness } from "../../../../policies/rules/apiReadiness";
import { oddEtcd } from "../../../../policies/rules/oddEtcd";
import { shutdownOutlastsChecks } from "../../../../policies/rules/shutdownOutlastsChecks";
import { twoLoadBalancers } from "../../../../policies/rules/twoLoadBalancers";
import { assertFindings, command, file, haproxy, kubeadm } from "../sample";

const members = (count: number) => Array.from({ length: count }, (_, index) => `cp${index + 1}`);
const founding = (name: string, count: number) => command(name, { create: kubeadm({ members: members(count) }) });

describe("odd-etcd", () => {
    it("finds an even number, once for a cluster, however many hosts are told", () => {
        assertFindings(
            oddEtcd,
            [founding("cp1", 4), founding("cp2", 4)],
            [
                /cp1: founds etcd with 4 members \(cp1, cp2, cp3, cp4\), an even number.*no more failures than 3; write 3 or 5/,
            ],
        );
        assertFindings(oddEtcd, [founding("cp1", 2)], [/write 3$/]);
    });

    it("finds too few and too many", () => {
        assertFindings(oddEtcd, [founding("cp1", 1)], [/with 1 member .*expected is an odd number from 3 to 7/]);
        assertFindings(oddEtcd, [founding("cp1", 9)], [/with 9 members .*from 3 to 7/]);
        assertFindings(oddEtcd, [founding("cp1", 1)], [], { minimum: 1 });
    });

    it("reads flags, variables and standard input", () => {
        const list = "cp1=http://10.0.0.1:2380,cp2=http://10.0.0.2:2380";
        for (const text of [`etcd --initial-cluster ${list}`, `ETCD_INITIAL_CLUSTER="${list}"`, `x=${list}`]) {
            assertFindings(oddEtcd, [command("cp1", { stdin: text })], [/with 2 members/]);
        }
    });

    it("accepts 3, 5 and 7, other addresses, and members that join one by one", () => {
        const fine = [
            ...[3, 5, 7].map((count) => kubeadm({ members: members(count) })),
            "etcdctl member add cp4 --peer-urls=https://10.0.0.4:2380",
            "ETCD_LISTEN_PEER_URLS=https://10.0.0.4:2380",
            "https_proxy=http://proxy:3128 other=https://10.0.0.4:23800",
            `${kubeadm({ members: members(4) })}      - name: initial-cluster-state\n        value: existing`,
        ];
        assertFindings(
            oddEtcd,
            [...fine, UNKNOWN].map((create, index) => command(`cp${index}`, { create })),
            [],
        );
    });
});

describe("two-load-balancers", () => {
    it("finds a single host, whatever the number of steps on it", () => {
        const twice = [command("lb1", { create: haproxy() }), command("lb1", { stdin: haproxy() })];
        assertFindings(twoLoadBalancers, twice, [/lb1: puts the API servers behind HAProxy on 1 host; expected are 2/]);
    });

    it("accepts two hosts, as many as configured, and a stack without balancers", () => {
        const two = [file("lb1", haproxy()), command("lb2", { create: haproxy() })];
        assertFindings(twoLoadBalancers, two, []);
        assertFindings(twoLoadBalancers, two, [/on 2 hosts; expected are 3/], { minimum: 3 });
        assertFindings(twoLoadBalancers, [command("w1", { create: "true" })], []);
    });

    it("waits for texts that are not known yet", () => {
        assertFindings(twoLoadBalancers, [file("lb1", haproxy()), command("lb2", { create: UNKNOWN })], []);
    });

    it("leaves backends of other services alone", () => {
        assertFindings(twoLoadBalancers, [file("lb1", "backend web\n    server a 192.0.2.1:80 check\n")], []);
    });
});

describe("api-readiness-check", () => {
    const checked = (options: Parameters<typeof haproxy>[0]) => [file("lb1", haproxy(options))];

    it("finds other paths, plain connections, and no check at all", () => {
        assertFindings(apiReadiness, checked({ path: "/healthz" }), [/k8s-api checks \/healthz, which stays good/]);
        assertFindings(apiReadiness, checked({ path: "" }), [/checks with a TCP connection only/]);
        assertFindings(apiReadiness, checked({ check: "inter 1s" }), [/does not check cp1, cp2/]);
    });

    it("accepts /readyz, in the old and the new way of writing it", () => {
        assertFindings(apiReadiness, checked({ path: "/readyz?verbose" }), []);
        const sent = "option httpchk\n    http-check send meth GET uri /readyz";
        assertFindings(apiReadiness, [file("lb1", haproxy().replace("option httpchk GET /readyz", sent))], []);
    });
});

describe("shutdown-outlasts-checks", () => {
    const stack = (delay: string, check?: string) => [
        file("lb1", haproxy(check === undefined ? {} : { check })),
        command("cp1", { create: kubeadm({ delay }) }),
    ];

    it("finds a delay that is as long as the checks take, or none", () => {
        assertFindings(shutdownOutlastsChecks, stack("4s"), [
            /cp1: shutdown-delay-duration is 4s; HAProxy backend k8s-api needs 4s to notice.*Write more than 4s/,
        ]);
        assertFindings(shutdownOutlastsChecks, stack(""), [/shutdown-delay-duration is 0s/]);
    });

    it("counts HAProxy's own interval and number of failures where they are left out", () => {
        assertFindings(shutdownOutlastsChecks, stack("9s", "check"), [/needs 9s/]);
        assertFindings(shutdownOutlastsChecks, stack("10s", "check"), []);
    });

    it("accepts a longer one, asks for a margin that is configured", () => {
        assertFindings(shutdownOutlastsChecks, stack("5s"), []);
        assertFindings(shutdownOutlastsChecks, stack("5s"), [/Write more than 6s/], { marginSeconds: 2 });
    });

    it("reads flags of a manifest", () => {
        const manifest = "- kube-apiserver\n- --shutdown-delay-duration=3s\n- --etcd-servers=https://127.0.0.1:2379";
        assertFindings(
            shutdownOutlastsChecks,
            [file("lb1", haproxy()), command("cp1", { create: manifest })],
            [/shutdown-delay-duration is 3s/],
        );
    });

    it("says nothing without a balancer, and nothing of intervals that cannot be read", () => {
        assertFindings(shutdownOutlastsChecks, stack("1s").slice(1), []);
        assertFindings(shutdownOutlastsChecks, stack("1s", "check inter $INTERVAL fall 2"), []);
    });
});
