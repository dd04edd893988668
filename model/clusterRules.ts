import type { ClusterConfig } from "./clusterConfig";
import { type ConfigProblem, isWithin } from "./configError";

type Rule = (config: ClusterConfig) => ConfigProblem[];

/**
 * Everything that is wrong between the fields of a configuration.
 * @param wrongPaths fields that are wrong in themselves: what rules say of those, or cannot say, is left for the next round
 */
export function crossFieldProblems(config: ClusterConfig, wrongPaths: readonly string[]): ConfigProblem[] {
    const problems = RULES.flatMap((rule) => {
        try {
            return rule(config);
        } catch (error) {
            if (wrongPaths.length > 0) return [];
            throw error;
        }
    });
    return problems.filter(({ path }) => !wrongPaths.some((wrong) => isWithin(wrong, path) || isWithin(path, wrong)));
}

const RULES: readonly Rule[] = [
    oddVoters,
    uniqueHosts,
    twoLoadBalancers,
    addressesInHostNetwork,
    separateNetworks,
    uniquePools,
    knownPools,
    knownIngressHosts,
    shutdownOutlastsChecks,
    leaseTimes,
    minimumVersions,
    distinctFrontends,
    electionOutlastsHeartbeats,
    proxyForSomething,
];

function problem(path: string, message: string): ConfigProblem {
    return { path, message };
}

function count(config: ClusterConfig, role: string): number {
    return config.hosts.filter((host) => host.role === role).length;
}

/** An even member adds a voter that can fail but no failure that can be survived (etcd FAQ). */
function oddVoters(config: ClusterConfig): ConfigProblem[] {
    const voters = count(config, "control-plane");
    if (voters === 0) return [problem("hosts", "no host has role control-plane; write 3 of them")];
    if (voters > 7) return [problem("hosts", `${voters} control planes; etcd gets slower beyond 7, write 3, 5 or 7`)];
    if (voters % 2 === 1) return [];
    return [
        problem(
            "hosts",
            `${voters} control planes make an even etcd cluster, which survives no more failures than ${voters - 1}; write ${voters - 1} or ${voters + 1}`,
        ),
    ];
}

function uniqueHosts(config: ClusterConfig): ConfigProblem[] {
    return (["name", "address"] as const).flatMap((key) =>
        config.hosts.flatMap((host, index) => {
            const first = config.hosts.findIndex((other) => other[key] === host[key]);
            if (first === index) return [];
            return [
                problem(`hosts[${index}].${key}`, `${host[key]} is already hosts[${first}]; give each host its own`),
            ];
        }),
    );
}

function twoLoadBalancers({ endpoint, ...config }: ClusterConfig): ConfigProblem[] {
    const balancers = config.hosts.filter((host) => host.role === "load-balancer").length;
    if (endpoint.kind === "external") {
        if (balancers === 0) return [];
        return [problem("endpoint.kind", `external, but ${balancers} hosts have role load-balancer; write haproxy`)];
    }
    if (balancers >= 2) return [];
    if (balancers === 1 && endpoint.allowSingleLoadBalancer) return [];
    const found = balancers === 0 ? "no host has role load-balancer" : "one load balancer is a single point of failure";
    return [
        problem("hosts", `${found}; add a second one, or write endpoint.allowSingleLoadBalancer: true if one is meant`),
    ];
}

function addressesInHostNetwork({ network, endpoint, hosts }: ClusterConfig): ConfigProblem[] {
    const outside = hosts.flatMap((host, index) =>
        network.hosts.contains(host.address)
            ? []
            : [problem(`hosts[${index}].address`, `${host.address} is outside network.hosts ${network.hosts}`)],
    );
    if (endpoint.kind === "external") return outside;
    const same = hosts.findIndex((host) => host.address === endpoint.address);
    if (same >= 0) {
        outside.push(
            problem(
                "endpoint.address",
                `${endpoint.address} is also hosts[${same}]; write an address that no host owns`,
            ),
        );
    }
    if (!network.hosts.contains(endpoint.address)) {
        outside.push(
            problem(
                "endpoint.address",
                `${endpoint.address} is outside network.hosts ${network.hosts}; a VIP can only move inside it`,
            ),
        );
    }
    return outside;
}

function separateNetworks({ network }: ClusterConfig): ConfigProblem[] {
    const named = [
        ["hosts", network.hosts],
        ["pods", network.pods],
        ["services", network.services],
    ] as const;
    return named.flatMap(([name, cidr], index) =>
        named
            .slice(0, index)
            .filter(([, other]) => cidr.overlaps(other))
            .map(([otherName, other]) =>
                problem(
                    `network.${name}`,
                    `${cidr} overlaps network.${otherName} ${other}; write a network apart from it`,
                ),
            ),
    );
}

function knownPools({ hosts, pools }: ClusterConfig): ConfigProblem[] {
    const names = ["default", ...pools.map((pool) => pool.name)];
    return hosts.flatMap((host, index) => {
        if (host.pool === undefined) return [];
        if (host.role !== "worker") {
            return [problem(`hosts[${index}].pool`, `only workers belong to pools; ${host.name} is a ${host.role}`)];
        }
        if (names.includes(host.pool)) return [];
        return [
            problem(
                `hosts[${index}].pool`,
                `no pool "${host.pool}"; write one of ${names.join(", ")} or add it to pools`,
            ),
        ];
    });
}

function knownIngressHosts({ endpoint, hosts }: ClusterConfig): ConfigProblem[] {
    const nodes = hosts.filter((host) => host.role !== "load-balancer").map((host) => host.name);
    return endpoint.ingressHosts.flatMap((name, index) =>
        nodes.includes(name)
            ? []
            : [problem(`endpoint.ingressHosts[${index}]`, `"${name}" is no node; write some of ${nodes.join(", ")}`)],
    );
}

/** TRAPS 18: the balancer must have seen `/readyz` fail before the API server stops accepting. */
function shutdownOutlastsChecks({ endpoint, apiServer, kubelet }: ClusterConfig): ConfigProblem[] {
    const noticed = endpoint.apiCheck.interval.plus(endpoint.apiCheck.timeout).times(endpoint.apiCheck.fall);
    const problems: ConfigProblem[] = [];
    if (!apiServer.shutdownDelay.isLongerThan(noticed)) {
        problems.push(
            problem(
                "apiServer.shutdownDelay",
                `${apiServer.shutdownDelay} is not longer than the ${noticed} in which a load balancer notices (fall x (interval + timeout)); write more`,
            ),
        );
    }
    if (!apiServer.terminationGracePeriod.isLongerThan(apiServer.shutdownDelay)) {
        problems.push(
            problem(
                "apiServer.terminationGracePeriod",
                `${apiServer.terminationGracePeriod} is not longer than apiServer.shutdownDelay ${apiServer.shutdownDelay}; write more`,
            ),
        );
    }
    if (!kubelet.shutdownGracePeriod.isLongerThan(kubelet.shutdownGracePeriodCriticalPods)) {
        problems.push(
            problem(
                "kubelet.shutdownGracePeriod",
                `${kubelet.shutdownGracePeriod} is not longer than the ${kubelet.shutdownGracePeriodCriticalPods} kept for critical pods; write more`,
            ),
        );
    }
    return problems;
}

/** client-go refuses anything else at start, on every control plane at once. */
function leaseTimes({ leaderElection: { leaseDuration, renewDeadline, retryPeriod } }: ClusterConfig): ConfigProblem[] {
    const problems: ConfigProblem[] = [];
    if (!leaseDuration.isLongerThan(renewDeadline)) {
        problems.push(
            problem(
                "leaderElection.leaseDuration",
                `${leaseDuration} is not longer than renewDeadline ${renewDeadline}; write more`,
            ),
        );
    }
    if (!renewDeadline.isLongerThan(retryPeriod.times(1.2))) {
        problems.push(
            problem(
                "leaderElection.renewDeadline",
                `${renewDeadline} is not longer than 1.2 x retryPeriod ${retryPeriod}; write more`,
            ),
        );
    }
    return problems;
}

function minimumVersions({ versions }: ClusterConfig): ConfigProblem[] {
    const problems: ConfigProblem[] = [];
    if (versions.kubernetes.major !== 1 || versions.kubernetes.minor < 34) {
        problems.push(
            problem(
                "versions.kubernetes",
                `${versions.kubernetes} is older than v1.34, the first with anonymous access by path; write v1.34 or newer`,
            ),
        );
    }
    if (versions.containerd.major < 2) {
        problems.push(
            problem(
                "versions.containerd",
                `${versions.containerd} is older than 2.0, which Kubernetes needs; write 2.x`,
            ),
        );
    }
    return problems;
}

/** What the load balancers listen on beside ingress: the API, and HAProxy's own status. */
const OWN_FRONTENDS = ["k8s-api", "status"];
/** HAProxy's own health and metrics; keepalived asks it, monitoring may. */
export const STATUS_PORT = 8404;

function distinctFrontends({ endpoint }: ClusterConfig): ConfigProblem[] {
    return endpoint.ingress.flatMap(({ name, port }, index) => {
        const before = endpoint.ingress.slice(0, index);
        const ports = [endpoint.port, STATUS_PORT, ...before.map((other) => other.port)];
        const names = [...OWN_FRONTENDS, ...before.map((other) => other.name)];
        const at = `endpoint.ingress[${index}]`;
        return [
            ...(ports.includes(port)
                ? [problem(`${at}.port`, `${port} is taken by another frontend; write a free port`)]
                : []),
            ...(names.includes(name)
                ? [problem(`${at}.name`, `"${name}" is another frontend's; write another name`)]
                : []),
        ];
    });
}

function uniquePools({ pools }: ClusterConfig): ConfigProblem[] {
    return pools.flatMap(({ name }, index) => {
        const first = pools.findIndex((other) => other.name === name);
        return first === index
            ? []
            : [problem(`pools[${index}].name`, `${name} is already pools[${first}]; join the two`)];
    });
}

/** etcd refuses anything else at start. */
function electionOutlastsHeartbeats({ etcd }: ClusterConfig): ConfigProblem[] {
    const least = etcd.heartbeatInterval.times(5);
    if (!least.isLongerThan(etcd.electionTimeout)) return [];
    return [
        problem(
            "etcd.electionTimeout",
            `${etcd.electionTimeout} is shorter than 5 x heartbeatInterval; write ${least} or more`,
        ),
    ];
}

function proxyForSomething({ proxy }: ClusterConfig): ConfigProblem[] {
    if (proxy.none.length === 0 || proxy.http !== undefined || proxy.https !== undefined) return [];
    return [problem("proxy.none", "there is no proxy; write proxy.https, or leave this out")];
}
