import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endConnectionsScript } from "../../../../maintenance/ports/addressMove";

const CLIENTS = [
    { peer: "10.89.0.1:1001", what: "was answered just now", sent: 200, received: 220, ends: true },
    { peer: "10.89.0.1:1002", what: "was answered, and has acknowledged it", sent: 204, received: 200, ends: true },
    { peer: "10.89.0.1:1003", what: "waits for an answer", sent: 450, received: 300, ends: false },
    { peer: "10.89.0.1:1004", what: "is being answered", sent: 20, received: 60, ends: false },
    { peer: "10.89.0.1:1005", what: "has been idle for long", sent: 9000, received: 9500, ends: true },
    { peer: "10.89.0.1:1008", what: "has been idle for a while", sent: 2600, received: 2650, ends: true },
    { peer: "10.89.0.1:1006", what: "may ask again at any moment", sent: 1900, received: 1950, ends: false },
    { peer: "10.89.0.1:1007", what: "has waited long for an answer", sent: 9000, received: 2600, ends: false },
] as const;

/** Programs of a load balancer that answer from these clients and note what HAProxy is told. */
function programs(folder: string, left = ""): void {
    const sockets = CLIENTS.map(
        ({ peer, sent, received }) =>
            `0 0 10.89.0.10:6443 ${peer} bbr rto:204 bytes_sent:1 lastsnd:${sent} lastrcv:${received} lastack:1`,
    );
    const sessions = CLIENTS.map(({ peer }, index) => `0x7f${index}: proto=tcpv4 src=${peer} fe=k8s-api be=k8s-api`);
    const files = {
        ss: `case "$*" in
*-HtinO*) printf '%s\\n' ${sockets.map((line) => `"${line}"`).join(" ")} ;;
*"established src 10.89.0.10") printf '${left}' ;;
esac`,
        // the second time they are asked for, all sessions have ended
        socat: `read -r command
case "$command" in
"show sess") [ -e ${folder}/told ] || printf '%s\\n' ${sessions.map((line) => `"${line}"`).join(" ")} ;;
*) echo "$command" >>${folder}/told ;;
esac`,
        systemctl: `echo "$*" >>${folder}/units`,
    };
    for (const [name, body] of Object.entries(files)) {
        writeFileSync(join(folder, name), `#!/bin/bash\n${body}\n`);
        chmodSync(join(folder, name), 0o755);
    }
}

describe("a balancer that has given the address away", () => {
    const folder = mkdtempSync(join(tmpdir(), "quorate-address-"));
    const moving = { address: "10.89.0.10", apiPort: 6443, adminSocket: "/run/x.sock", ingressPorts: [80] };
    let told = "";
    const end = () => {
        const env = { PATH: `${folder}:${process.env["PATH"]}` };
        return execFileSync("bash", ["-c", endConnectionsScript(moving, 5, 5)], { env, encoding: "utf8" }).trim();
    };

    before(() => {
        programs(folder);
        assert.equal(end(), "0");
        told = readFileSync(join(folder, "told"), "utf8");
    });
    after(() => rmSync(folder, { recursive: true }));

    for (const [index, { what, ends }] of CLIENTS.entries()) {
        it(`${ends ? "ends" : "leaves"} the API connection of a client that ${what}`, () => {
            assert.equal(told.includes(`shutdown session 0x7f${index};`), ends, told);
        });
    }

    it("lets ingress connections end by a reload", () => {
        assert.equal(readFileSync(join(folder, "units"), "utf8"), "reload haproxy\n");
    });

    it("cuts what is left by a restart, and tells how many", () => {
        programs(folder, "0 0 10.89.0.10:80 10.89.0.1:1001\\n");
        assert.equal(end(), "1");
        assert.equal(readFileSync(join(folder, "units"), "utf8"), "reload haproxy\nreload haproxy\nrestart haproxy\n");
    });
});
