import assert from "node:assert/strict";
import { frontends, renderHaproxyConfig } from "../../../../components/loadBalancer/haproxyConfig";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { configWith } from "../../model/sampleConfig";

/** Sections by their first line. */
function sections(change?: (input: ClusterConfigInput) => void): ReadonlyMap<string, readonly string[]> {
    const parts = renderHaproxyConfig(configWith(change))
        .trimEnd()
        .split(/\n(?=\S)/);
    return new Map(
        parts.map((part) => {
            const [title = "", ...lines] = part.trimEnd().split("\n");
            return [title, lines.filter((line) => line !== "").map((line) => line.trim())];
        }),
    );
}

const section = (title: string, change?: (input: ClusterConfigInput) => void) => sections(change).get(title) ?? [];

describe("HAProxy's configuration", () => {
    it("has one frontend and one backend for the API and for each ingress port", () => {
        assert.deepEqual(
            [...sections().keys()],
            [
                "global",
                "defaults",
                "frontend status",
                "frontend k8s-api",
                "backend k8s-api",
                "frontend ingress-http",
                "backend ingress-http",
                "frontend ingress-https",
                "backend ingress-https",
            ],
        );
    });

    it("asks every API server for /readyz over TLS and wants 200 (TRAPS 18)", () => {
        assert.deepEqual(section("backend k8s-api"), [
            "balance leastconn",
            "option httpchk GET /readyz",
            "http-check expect status 200",
            "default-server check check-ssl verify none inter 1s fall 2 rise 2 on-marked-down shutdown-sessions",
            "server cp1 10.89.0.21:6443",
            "server cp2 10.89.0.22:6443",
            "server cp3 10.89.0.23:6443",
        ]);
    });

    it("passes TCP through, so that clients keep certificates and HTTP/2", () => {
        assert.ok(section("defaults").includes("mode tcp"));
        assert.deepEqual(section("frontend k8s-api"), ["bind :6443", "default_backend k8s-api"]);
    });

    it("lets idle streams live and dead ones be noticed (TRAPS 22)", () => {
        const defaults = section("defaults", (input) => (input.endpoint.streamTimeout = "2h"));
        for (const line of ["timeout client 7200s", "timeout server 7200s", "timeout tunnel 7200s"]) {
            assert.ok(defaults.includes(line), line);
        }
        assert.ok(defaults.includes("option clitcpka") && defaults.includes("option srvtcpka"));
        assert.ok(defaults.includes("timeout connect 1s") && defaults.includes("timeout check 1s"));
    });

    it("checks as often as is configured", () => {
        const change = (input: ClusterConfigInput) =>
            (input.endpoint.apiCheck = { interval: "500ms", timeout: "700ms", fall: 3, rise: 4 });
        assert.match(section("backend k8s-api", change).join("\n"), / inter 500ms fall 3 rise 4 /);
        assert.ok(section("defaults", change).includes("timeout check 700ms"));
    });

    it("opens an admin socket and a status port with health and metrics", () => {
        assert.match(section("global").join("\n"), /^stats socket \/run\/haproxy\/admin\.sock .*level admin/m);
        const status = section("frontend status");
        assert.ok(status.includes("bind :8404") && status.includes("monitor-uri /healthz"));
        assert.ok(status.includes("http-request use-service prometheus-exporter if { path /metrics }"));
    });

    it("checks ingress by connection, or by a path over plain HTTP when one is given", () => {
        const change = (input: ClusterConfigInput) =>
            (input.endpoint.ingress = [{ name: "web", port: 80, targetPort: 30080, checkPath: "/ping" }]);
        assert.match(section("backend ingress-http").join("\n"), /^default-server check inter/m);
        assert.doesNotMatch(section("backend ingress-http").join("\n"), /httpchk/);
        assert.deepEqual(section("frontend web", change), ["bind :80", "default_backend web"]);
        assert.ok(section("backend web", change).includes("option httpchk GET /ping"));
        assert.ok(section("backend web", change).includes("server cp1 10.89.0.21:30080"));
        assert.doesNotMatch(section("backend web", change).join("\n"), /check-ssl/);
    });

    it("lets an ingress proxy that is leaving answer what it has accepted, and notices one that is dead", () => {
        for (const backend of ["backend ingress-http", "backend ingress-https"]) {
            const lines = section(backend);
            assert.doesNotMatch(lines.join("\n"), /shutdown-sessions/);
            assert.ok(lines.includes("default-server check inter 1s fall 2 rise 2 tcp-ut 3s"), lines.join("\n"));
            assert.ok(lines.includes("srvtcpka-idle 1s"));
        }
    });

    it("sends a request that is safe to send twice to another ingress proxy, and no other request", () => {
        const http = section("backend ingress-http");
        assert.ok(http.includes("mode http"));
        assert.ok(http.includes("retry-on conn-failure empty-response"));
        assert.ok(http.includes("http-request disable-l7-retry unless { method GET HEAD OPTIONS }"));
        assert.ok(section("frontend ingress-http").includes("option forwardfor"));
        assert.doesNotMatch(section("backend ingress-https").join("\n"), /mode http|retry-on/);
    });

    it("waits for an answer as long as is configured", () => {
        const change = (input: ClusterConfigInput) =>
            (input.endpoint.ingress = [{ name: "web", port: 80, protocol: "http", responseTimeout: "5m" }]);
        assert.ok(section("backend web", change).includes("timeout server 300s"));
        assert.ok(section("frontend web", change).includes("timeout client 300s"));
    });

    it("sends ingress to the hosts named for it", () => {
        const servers = section("backend ingress-http", (input) => (input.endpoint.ingressHosts = ["w1", "w3"]));
        assert.deepEqual(servers.slice(-2), ["server w1 10.89.0.31:80", "server w3 10.89.0.33:80"]);
        assert.equal(servers.filter((line) => line.startsWith("server ")).length, 2);
    });

    it("asks no name server at start (TRAPS 20)", () => {
        const servers = [...sections().values()].flat().filter((line) => line.startsWith("server "));
        assert.equal(servers.length, 9);
        for (const line of servers) assert.match(line, /^server [a-z0-9-]+ \d+\.\d+\.\d+\.\d+:\d+$/);
    });

    it("listens where the endpoint is, whatever port that is", () => {
        const [api] = frontends(configWith((input) => (input.endpoint.port = 8443)));
        assert.equal(api?.port, 8443);
        assert.ok(api?.backend.servers.every((server) => server.port === 6443));
    });
});
