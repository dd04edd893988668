import assert from "node:assert/strict";
import { type ClusterConfigInput, parseClusterConfig } from "../../../model/clusterConfig";
import { problemsOf, refuses } from "./refusals";
import { configWith, hostInput, inputWith } from "./sampleConfig";

type Change = (input: ClusterConfigInput) => void;

const named = (input: ClusterConfigInput, name: string) => {
    const found = input.hosts.find((host) => host.name === name);
    assert.ok(found);
    return found;
};
const without =
    (...names: readonly string[]): Change =>
    (input) =>
        (input.hosts = input.hosts.filter((host) => !names.includes(host.name)));
const controlPlanes =
    (count: number): Change =>
    (input) => {
        input.hosts = input.hosts.filter((host) => host.role !== "control-plane");
        for (let i = 1; i <= count; i++) input.hosts.push(hostInput("control-plane", `cp${i}`, 100 + i));
    };

describe("the number of control planes", () => {
    for (const count of [1, 3, 5, 7]) {
        it(`may be ${count}`, () => void configWith(controlPlanes(count)));
    }

    for (const [count, advice] of [
        [2, /2 control planes make an even etcd cluster.*than 1; write 1 or 3/],
        [4, /survives no more failures than 3; write 3 or 5/],
        [6, /write 5 or 7/],
        [8, /8 control planes; etcd gets slower beyond 7, write 3, 5 or 7/],
        [9, /beyond 7, write 3, 5 or 7/],
        [0, /no host has role control-plane; write 3 of them/],
    ] as const) {
        it(`cannot be ${count}`, () => refuses(controlPlanes(count), ["hosts"], advice));
    }
});

describe("hosts", () => {
    it("cannot share a name", () => {
        const change: Change = (input) => (named(input, "w2").name = "w1");
        refuses(change, ["hosts[6].name"], /^w1 is already hosts\[5\]; give each host its own$/);
    });

    it("cannot share an address", () => {
        const change: Change = (input) => (named(input, "cp2").address = "10.89.0.21");
        refuses(change, ["hosts[3].address"], /10\.89\.0\.21 is already hosts\[2\]; give each host its own/);
    });

    it("must be in the hosts' network", () => {
        const change: Change = (input) => (named(input, "w3").address = "10.90.0.33");
        refuses(change, ["hosts[7].address"], /10\.90\.0\.33 is outside network\.hosts 10\.89\.0\.0\/24/);
    });

    it("belong to pools that exist", () => {
        const change: Change = (input) => {
            input.pools = [{ name: "gpu" }];
            named(input, "w1").pool = "gpus";
        };
        refuses(change, ["hosts[5].pool"], /no pool "gpus"; write one of default, gpu or add it to pools/);
    });

    it("may belong to the pool default, which need not be declared", () => {
        configWith((input) => (named(input, "w1").pool = "default"));
    });

    it("belong to a pool only as workers", () => {
        const change: Change = (input) => (named(input, "cp1").pool = "default");
        refuses(change, ["hosts[2].pool"], /only workers belong to pools; cp1 is a control-plane/);
    });

    it("cannot belong to one of two pools of the same name", () => {
        const change: Change = (input) => (input.pools = [{ name: "gpu" }, { name: "gpu", labels: { a: "b" } }]);
        refuses(change, ["pools[1].name"]);
    });
});

describe("load balancers", () => {
    it("come in pairs", () => {
        const advice =
            /one load balancer is a single point of failure; add a second one, or write endpoint\.allowSingle/;
        refuses(without("lb2"), ["hosts"], advice);
    });

    it("may be one when that is said", () => {
        configWith((input) => {
            without("lb2")(input);
            input.endpoint.allowSingleLoadBalancer = true;
        });
    });

    it("cannot be none, said or not", () => {
        const change: Change = (input) => {
            without("lb1", "lb2")(input);
            input.endpoint.allowSingleLoadBalancer = true;
        };
        refuses(change, ["hosts"], /no host has role load-balancer/);
    });

    it("are none of ours when the endpoint is external", () => {
        const external: Change = (input) => (input.endpoint.kind = "external");
        refuses(external, ["endpoint.kind"], /external, but 2 hosts have role load-balancer; write haproxy/);
        configWith((input) => {
            external(input);
            without("lb1", "lb2")(input);
            input.endpoint.address = "192.0.2.7";
        });
    });
});

describe("the endpoint", () => {
    it("is an address that no host owns", () => {
        const change: Change = (input) => (input.endpoint.address = "10.89.0.11");
        refuses(change, ["endpoint.address"], /10\.89\.0\.11 is also hosts\[0\]; write an address that no host owns/);
    });

    it("is in the hosts' network", () => {
        const change: Change = (input) => (input.endpoint.address = "10.90.0.10");
        refuses(change, ["endpoint.address"], /outside network\.hosts 10\.89\.0\.0\/24; a VIP can only move inside it/);
    });

    it("sends ingress to nodes only", () => {
        const change: Change = (input) => (input.endpoint.ingressHosts = ["w1", "lb1", "nobody"]);
        refuses(
            change,
            ["endpoint.ingressHosts[1]", "endpoint.ingressHosts[2]"],
            /"lb1" is no node; write some of cp1, cp2, cp3, w1, w2, w3/,
        );
    });

    it("gives each frontend a port of its own", () => {
        const change: Change = (input) =>
            (input.endpoint.ingress = [
                { name: "web", port: 6443 },
                { name: "tls", port: 443 },
                { name: "more", port: 443 },
            ]);
        refuses(
            change,
            ["endpoint.ingress[0].port", "endpoint.ingress[2].port"],
            /6443 is taken by another frontend; write a free port/,
        );
    });

    it("leaves HAProxy's status port alone", () => {
        refuses((input) => (input.endpoint.ingress = [{ name: "web", port: 8404 }]), ["endpoint.ingress[0].port"]);
    });

    it("gives each frontend a name of its own", () => {
        const change: Change = (input) =>
            (input.endpoint.ingress = [
                { name: "k8s-api", port: 80 },
                { name: "web", port: 81 },
                { name: "web", port: 82 },
                { name: "status", port: 83 },
            ]);
        refuses(change, ["endpoint.ingress[0].name", "endpoint.ingress[2].name", "endpoint.ingress[3].name"]);
    });

    for (const field of ["advertInterval", "connectTimeout", "streamTimeout"] as const) {
        it(`cannot have 0s as ${field}`, () => {
            refuses((input) => (input.endpoint[field] = "0s"), [`endpoint.${field}`]);
        });
    }
});

describe("networks", () => {
    it("are apart from each other", () => {
        refuses(
            (input) => (input.network.pods = "10.96.0.0/16"),
            ["network.services"],
            /10\.96\.0\.0\/12 overlaps network\.pods 10\.96\.0\.0\/16; write a network apart from it/,
        );
        refuses((input) => (input.network.pods = "10.0.0.0/8"), ["network.pods", "network.services"]);
        refuses((input) => (input.network.services = "10.89.0.0/25"), ["network.services"]);
    });
});

describe("times", () => {
    it("let the balancer notice a stopping API server before it stops", () => {
        refuses(
            (input) => (input.apiServer = { shutdownDelay: "4s" }),
            ["apiServer.shutdownDelay"],
            /4s is not longer than the 4s in which a load balancer notices \(fall x \(interval \+ timeout\)\); write more/,
        );
        configWith((input) => (input.apiServer = { shutdownDelay: "4001ms" }));
    });

    it("let a stopping API server finish before the kubelet kills it", () => {
        refuses(
            (input) => (input.apiServer = { terminationGracePeriod: "10s" }),
            ["apiServer.terminationGracePeriod"],
            /10s is not longer than apiServer\.shutdownDelay 10s; write more/,
        );
    });

    it("leave ordinary pods time before the critical ones", () => {
        refuses(
            (input) => (input.kubelet = { shutdownGracePeriod: "60s" }),
            ["kubelet.shutdownGracePeriod"],
            /60s is not longer than the 80s kept for critical pods; write more/,
        );
    });

    it("of leader election are those that client-go accepts", () => {
        refuses(
            (input) => (input.leaderElection = { leaseDuration: "10s" }),
            ["leaderElection.leaseDuration"],
            /10s is not longer than renewDeadline 10s; write more/,
        );
        refuses(
            (input) => (input.leaderElection = { renewDeadline: "6s", retryPeriod: "5s" }),
            ["leaderElection.renewDeadline"],
            /6s is not longer than 1\.2 x retryPeriod 5s; write more/,
        );
    });

    it("of etcd are those that etcd accepts: an election of five heartbeats", () => {
        refuses((input) => (input.etcd = { heartbeatInterval: "300ms" }), ["etcd.electionTimeout"]);
    });
});

describe("versions", () => {
    it("of Kubernetes begin where anonymous access can be limited by path", () => {
        refuses(
            (input) => (input.versions.kubernetes = "v1.33.9"),
            ["versions.kubernetes"],
            /v1\.33\.9 is older than v1\.34, the first with anonymous access by path; write v1\.34 or newer/,
        );
        configWith((input) => (input.versions.kubernetes = "1.34.0"));
    });

    it("of containerd begin at 2", () => {
        refuses(
            (input) => (input.versions.containerd = "1.7.28"),
            ["versions.containerd"],
            /v1\.7\.28 is older than 2\.0, which Kubernetes needs; write 2\.x/,
        );
    });
});

describe("rules between fields", () => {
    it("report everything that is wrong at once", () => {
        const paths = problemsOf(
            inputWith((input) => {
                without("cp3", "lb2")(input);
                named(input, "w2").name = "w1";
                named(input, "w3").pool = "gpu";
                input.endpoint.address = "10.90.0.10";
                input.endpoint.ingressHosts = ["nobody"];
                input.network.pods = "10.96.0.0/16";
                input.apiServer = { shutdownDelay: "1s" };
                input.leaderElection = { leaseDuration: "5s" };
                input.versions.containerd = "1.7.28";
                input.endpoint.ingress = [{ name: "web", port: 6443 }];
            }),
        ).map(({ path }) => path);
        assert.deepEqual(paths, [
            "hosts",
            "hosts[4].name",
            "hosts",
            "endpoint.address",
            "network.services",
            "hosts[5].pool",
            "endpoint.ingressHosts[0]",
            "apiServer.shutdownDelay",
            "leaderElection.leaseDuration",
            "versions.containerd",
            "endpoint.ingress[0].port",
        ]);
    });

    it("find nothing in the sample", () => void parseClusterConfig(inputWith(() => undefined)));
});
