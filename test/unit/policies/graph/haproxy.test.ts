import assert from "node:assert/strict";
import { haproxyBackends, leadsToApiServers, noticedAfter } from "../../../../policies/graph/haproxy";
import { command } from "../sample";

const read = (text: string) => haproxyBackends({ resource: command("lb1", {}), place: "create", text });

describe("HAProxy backends in a text", () => {
    it("are found inside a script, with the defaults before them", () => {
        const [api, web, ...rest] = read(`#!/bin/bash
put_file /etc/haproxy/haproxy.cfg <<'END'
defaults
    option httpchk GET /readyz
    timeout check 500ms
frontend k8s-api
    bind :6443
    default_backend k8s-api

backend k8s-api
    default-server check inter 1s fall 2
    server cp1 192.0.2.21:6443 # the first
    server cp2 192.0.2.22:6443 fall 4
listen web
    server w1 192.0.2.31:80 check
END
systemctl reload haproxy
`);
        assert.deepEqual(rest, []);
        assert.deepEqual([api?.name, api?.checkPath, api?.checkTimeout?.toString()], ["k8s-api", "/readyz", "500ms"]);
        assert.deepEqual(
            api?.servers.map(({ name, port, checked, fall }) => [name, port, checked, fall]),
            [
                ["cp1", 6443, true, 2],
                ["cp2", 6443, true, 4],
            ],
        );
        assert.deepEqual([web?.name, web?.servers[0]?.port], ["web", 80]);
    });

    it("are none in other programs' configurations", () => {
        assert.deepEqual(read("upstream backend {\n  server 192.0.2.1:80;\n}\nserver {\n  listen 80;\n}\n"), []);
        assert.deepEqual(read("backend empty\n    balance leastconn\n"), []);
    });

    it("lead to API servers by port, or by what is checked", () => {
        const leads = (text: string) => read(text).map(leadsToApiServers);
        assert.deepEqual(leads("backend a\n server x 192.0.2.1:6443\n"), [true]);
        assert.deepEqual(leads("backend a\n option httpchk GET /livez\n server x 192.0.2.1:443\n"), [true]);
        assert.deepEqual(leads("backend a\n option httpchk\n server x 192.0.2.1:80\n"), [false]);
    });

    it("notice after the failed checks of the slowest server, a bare number being milliseconds", () => {
        const noticed = (options: string) => {
            const [backend] = read(
                `backend a\n server x 192.0.2.1:6443 check inter 1s\n server y 192.0.2.2:6443 ${options}\n`,
            );
            return backend && noticedAfter(backend)?.toString();
        };
        assert.equal(noticed("check inter 1500 fall 4"), "12s");
        assert.equal(noticed("check inter 100ms fall 1"), "6s");
        assert.equal(noticed("check"), "12s");
        assert.equal(noticed("check inter $SLOW"), undefined);
    });
});
