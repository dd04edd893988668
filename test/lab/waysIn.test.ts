import assert from "node:assert/strict";
import { LOGIN_USER } from "../../lab/hosts/traits";
import { driveStep } from "./drivenStep";
import type { HostsLab } from "./hostsLab";
import { startedHost } from "./startedHost";

const HOST = "w1";
const LOGIN_SHELLS = ["bash", "dash", "fish", "csh"];
/** Only bash knows pipefail and arrays; a proxy or a comma in the environment would show. */
const SCRIPT = `set -o pipefail; words=(one two); echo "$(id -un) \${#words[@]} $PATH"
env | grep -i proxy || echo no proxy
awk 'BEGIN { printf "%.1f\\n", 0.5 }'; ls /nowhere 2>&1 | sed 's/.*: //' || true`;
const ANSWER = `root 2 /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
no proxy
0.5
No such file or directory
`;

describe("a step of quorate on a host that only a user with sudo reaches, through a bastion (H5 to H9, H14)", function () {
    this.timeout(120_000);
    let hosts: HostsLab;

    before(async function () {
        hosts = await startedHost(this, "bastion", "deploy");
    });
    after(async () => hosts?.stop());

    for (const shell of LOGIN_SHELLS) {
        it(`runs in bash as root, and only its own words come back, when the login shell is ${shell}`, async () => {
            const traits = ["deploy", "bastioned", "noisy", "proxied", "comma", ...(shell === "bash" ? [] : [shell])];
            const { status, stderr } = await hosts.lab("reset", HOST, "--traits", traits.join(","));
            assert.equal(status, 0, stderr);
            const way = { user: LOGIN_USER, bastion: true } as const;
            const attached = await driveStep(hosts, HOST, SCRIPT, { ...way, attached: true });
            assert.equal(attached.stdout, ANSWER, attached.error);
            const detached = await driveStep(hosts, HOST, SCRIPT, way);
            assert.equal(detached.stdout, ANSWER, detached.error);
        });
    }
});
