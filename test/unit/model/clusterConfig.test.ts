import assert from "node:assert/strict";
import { type ClusterConfigInput, hostsWithRole, ingressHosts, parseClusterConfig } from "../../../model/clusterConfig";
import { configWith, inputWith, sampleInput } from "./sampleConfig";
import { problemsOf, refuses } from "./refusals";

type Change = (input: ClusterConfigInput) => void;

/** Writes what the types forbid, as a file can. */
const set = (input: object, path: readonly (string | number)[], value: unknown) => {
    const parent = path.slice(0, -1).reduce((at, key) => (at as Record<string | number, object>)[key] ?? {}, input);
    const key = path.at(-1);
    if (key !== undefined) Object.assign(parent, { [key]: value });
};

describe("a cluster's configuration", () => {
    it("needs no more than names, addresses, a version and where programs come from", () => {
        const config = parseClusterConfig(sampleInput());
        assert.equal(config.hosts.length, 8);
        assert.equal(config.versions.kubernetes.toString(), "v1.36.3");
    });

    it("gets the defaults that keep a cluster available", () => {
        const { apiServer, endpoint, etcd, kubelet, leaderElection, network, ssh, ...config } = configWith();
        assert.deepEqual(ssh, { user: "root", port: 22 });
        assert.deepEqual([endpoint.kind, endpoint.port, endpoint.virtualRouterId], ["haproxy", 6443, 51]);
        assert.deepEqual([endpoint.advertInterval, endpoint.streamTimeout].map(String), ["500ms", "1h"].map(canonical));
        const { interval, timeout, fall, rise } = endpoint.apiCheck;
        assert.deepEqual([String(interval), String(timeout), fall, rise], ["1s", "1s", 2, 2]);
        assert.equal(endpoint.allowSingleLoadBalancer, false);
        assert.deepEqual(
            endpoint.ingress.map(({ port }) => port),
            [80, 443],
        );
        assert.deepEqual([network.pods, network.services].map(String), ["10.244.0.0/16", "10.96.0.0/12"]);
        assert.deepEqual([network.domain, network.mode], ["cluster.local", "host-gw"]);
        assert.deepEqual([apiServer.shutdownDelay, apiServer.terminationGracePeriod].map(String), ["10s", "75s"]);
        assert.deepEqual([kubelet.shutdownGracePeriod, kubelet.shutdownGracePeriodCriticalPods].map(String), [
            "90s",
            "80s",
        ]);
        assert.equal(kubelet.allowCgroupV1, false);
        assert.deepEqual(Object.values(leaderElection).map(String), ["15s", "10s", "2s"]);
        assert.deepEqual([etcd.topology, etcd.quotaBackendBytes], ["stacked", 8 * 1024 ** 3]);
        assert.equal(config.schedulePodsOnControlPlanes, false);
        assert.deepEqual(config.pools, []);
    });

    it("says where it stands when it is refused", () => {
        assert.throws(() => parseClusterConfig({}, "cluster.yaml"), /^ConfigError: cluster\.yaml: \d+ problems\n/);
    });
});

/** A duration as it is written back. */
function canonical(text: string): string {
    return text === "1h" ? "3600s" : text;
}

describe("a field of a cluster's configuration", () => {
    const cases: readonly (readonly [string, readonly (string | number)[], unknown, RegExp])[] = [
        ["a name in capitals", ["name"], "Prod", /"Prod" is not a name; write lower-case letters/],
        ["a host name with a dot", ["hosts", 2, "name"], "cp1.example", /is not a name; write lower-case/],
        ["a name of 64 letters", ["name"], "a".repeat(64), /at most 63/],
        ["a name that ends in a dash", ["name"], "prod-", /is not a name/],
        ["a version of two parts", ["versions", "kubernetes"], "1.36", /is not a version; write for example v1\.36\.3/],
        ["a version that YAML read as a number", ["versions", "kubernetes"], 1.36, /expected string, received number/],
        ["a version of a part", ["versions", "etcd"], "three", /"three" is not a version; write for example/],
        ["an address that is a name", ["hosts", 0, "address"], "lb1", /"lb1" is not an IPv4 address; write four/],
        ["an unknown role", ["hosts", 2, "role"], "master", /unknown role "master"; write load-balancer, control-p/],
        ["a host key without its type", ["hosts", 1, "hostKey"], "AAAAC3", /write the line that `ssh-keyscan HOST`/],
        ["a port beyond 65535", ["endpoint", "port"], 65536, /65535/],
        ["a port that is no number", ["endpoint", "port"], "6443", /expected number, received string/],
        ["an endpoint that is a name", ["endpoint", "address"], "api.example", /is not an IPv4 address; write/],
        ["an unknown kind of endpoint", ["endpoint", "kind"], "f5", /"haproxy"\|"external"/],
        ["a router id beyond 255", ["endpoint", "virtualRouterId"], 256, /255/],
        [
            "a duration without unit",
            ["endpoint", "advertInterval"],
            "500",
            /is not a duration; write for example 500ms/,
        ],
        ["a duration as a number", ["endpoint", "streamTimeout"], 3600, /expected string, received number/],
        ["fall 0", ["endpoint", "apiCheck"], { fall: 0 }, /1/],
        ["a network with host bits", ["network", "hosts"], "10.89.0.1/24", /has host bits set; write 10\.89\.0\.0\/24/],
        ["a network without prefix", ["network", "pods"], "10.244.0.0", /is not an IPv4 network; write for example/],
        ["an unknown network mode", ["network", "mode"], "calico", /"host-gw"\|"vxlan"\|"none"/],
        ["an unknown topology of etcd", ["etcd"], { topology: "external" }, /expected "stacked"/],
        ["an etcd quota below 64 MiB", ["etcd"], { quotaBackendBytes: 1000 }, /67108864/],
        ["an unknown source of artifacts", ["artifacts"], { source: "usb" }, /'release' \| 'mirror' \| 'bundle'/],
        ["a mirror without scheme", ["artifacts"], { source: "mirror", url: "x", imageRegistry: "r" }, /URL/],
        [
            "a bundle folder that is relative",
            ["artifacts"],
            { source: "bundle", directory: "bundle", sha256sums: "a".repeat(64) },
            /start with "\/"/,
        ],
        [
            "a bundle checksum that is none",
            ["artifacts"],
            { source: "bundle", directory: "/b", sha256sums: "A".repeat(64) },
            /is not a sha256; write 64 lower-case hex digits/,
        ],
        ["a proxy without host key", ["ssh"], { proxy: { host: "bastion" } }, /is missing/],
        ["no hosts", ["hosts"], [], /no hosts; list at least three control planes/],
        ["a key nobody reads", ["endpoint", "adress"], "10.89.0.10", /unknown "adress"/],
    ];
    for (const [what, path, value, message] of cases) {
        it(`cannot be ${what}`, () => {
            const [problem, ...others] = problemsOf(inputWith((input) => set(input, path, value)));
            assert.deepEqual(others, []);
            assert.match(problem?.message ?? "", message);
            assert.ok(problem?.path.startsWith(String(path[0])), `path ${problem?.path}`);
        });
    }

    it("that is unknown at the top has a path too", () => {
        const [problem] = problemsOf({ ...sampleInput(), labels: {} });
        assert.match(problem?.message ?? "", /labels/);
        assert.notEqual(problem?.path, "");
    });

    it("that is wrong is named by its key path, all at once", () => {
        const wrong: Change = (input) => {
            set(input, ["hosts", 0, "address"], "lb1");
            set(input, ["hosts", 2, "role"], "master");
            set(input, ["endpoint", "apiCheck"], { interval: "soon" });
            set(input, ["network", "pods"], "10.244.0.1/16");
            set(input, ["versions", "etcd"], "three");
        };
        assert.deepEqual(
            problemsOf(inputWith(wrong)).map(({ path }) => path),
            ["versions.etcd", "hosts[0].address", "hosts[2].role", "endpoint.apiCheck.interval", "network.pods"],
        );
    });

    it("does not hide what is wrong between the others", () => {
        refuses(
            (input) => {
                set(input, ["etcd"], { heartbeatInterval: "soon" });
                input.hosts.splice(2, 1);
                input.network.pods = "10.96.0.0/16";
            },
            ["etcd.heartbeatInterval", "hosts", "network.services"],
        );
    });
});

describe("hosts of a role", () => {
    it("come in the order of the configuration", () => {
        assert.deepEqual(
            hostsWithRole(configWith(), "control-plane").map(({ name }) => name),
            ["cp1", "cp2", "cp3"],
        );
    });

    it("carry the ingress proxy when they are control planes and nobody is named", () => {
        assert.deepEqual(
            ingressHosts(configWith()).map(({ name }) => name),
            ["cp1", "cp2", "cp3"],
        );
    });

    it("carry the ingress proxy when they are named, in the order of the hosts", () => {
        const config = configWith((input) => (input.endpoint.ingressHosts = ["w3", "w1"]));
        assert.deepEqual(
            ingressHosts(config).map(({ name }) => name),
            ["w1", "w3"],
        );
    });
});
