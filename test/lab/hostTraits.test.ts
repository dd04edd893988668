import assert from "node:assert/strict";
import { LOGIN_USER } from "../../lab/hosts/traits";
import type { Finished } from "../../lab/process";
import type { HostsLab } from "./hostsLab";
import { startedHost } from "./startedHost";

/** Prints the name of the shell that was given it, in any shell. */
const PARENT = "sh -c 'ps -o comm= -p $PPID'; true";

/** What the lab promises of hosts that are not plain; the product's own tests on them build upon it. */
describe("lab hosts with traits", function () {
    this.timeout(120_000);
    let hosts: HostsLab;

    before(async function () {
        hosts = await startedHost(this, "bastion", "deploy");
    });
    after(async () => hosts?.stop());

    const start = (host: string, traits: string) => hosts.lab("power", host, "on", "--traits", traits);
    /** As somebody from outside comes to a host behind the bastion. */
    const through = (host: string, command: string) => hosts.login(LOGIN_USER, host, command, "bastion");

    it("let only their user in, through the bastion, who becomes root by a sudo without /usr/local", async () => {
        succeeded(await start("w1", "deploy,bastioned,dash,noisy,proxied,comma"));
        assert.equal((await hosts.login(LOGIN_USER, "w1", "true")).status, 255);
        assert.equal((await hosts.login("root", "w1", "true", "bastion")).status, 255);
        assert.equal(await hosts.on("w1", "id -un"), "root");
        const { stdout } = await through("w1", "id -un; sudo -n sh -c 'id -un; echo $PATH'");
        assert.match(stdout, /deploy\nroot\n\/usr\/sbin:\/usr\/bin:\/sbin:\/bin\n$/);
    });

    it("print at each login without a terminal, with nothing that ends the line", async () => {
        const { stdout, stderr } = await through("w1", "echo answer");
        assert.match(stdout, /^Welcome to this host\n[^]*last maintenance: answer\n$/);
        assert.match(stderr, /Authorised users only/);
    });

    it("name a proxy and write a decimal comma in every environment, sudo's and that of services as well", async () => {
        for (const command of ["env", "sudo -n env"]) {
            const { stdout } = await through("w1", command);
            for (const name of ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"])
                assert.match(stdout, new RegExp(`\\b${name}=http://10\\.89\\.0\\.1:3128$`, "m"), command);
            assert.match(stdout, /\bLC_ALL=de_DE\.UTF-8$/m);
        }
        assert.equal(await hosts.on("w1", "printf '%.1f' 0,5"), "0,5");
        const service = "systemd-run --quiet --pipe sh -c 'echo $LANG'";
        assert.equal(await hosts.on("w1", service), "de_DE.UTF-8");
    });

    for (const [host, trait, shell] of [
        ["w2", "fish", "fish"],
        ["w3", "csh", "tcsh"],
    ] as const) {
        it(`give their user the login shell ${trait}, which prints, too`, async () => {
            succeeded(await start(host, `deploy,noisy,${trait}`));
            const { stdout, stderr } = await hosts.login(LOGIN_USER, host, PARENT);
            assert.match(stdout, new RegExp(`last maintenance: ${shell}\n$`), stderr);
            await hosts.lab("power", host, "off");
        });
    }

    it("have the traits with which they were made, until they are made anew, if wanted with other host keys", async () => {
        const refused = await start("w1", "deploy,fish");
        assert.equal(refused.status, 1);
        assert.match(refused.stderr, /w1 was made with traits deploy,bastioned,dash,.*reset w1 --traits deploy,fish/);
        const key = "cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub";
        const before = await hosts.on("w1", key);
        succeeded(await hosts.lab("reset", "w1", "--new-keys"));
        assert.notEqual(await hosts.on("w1", key), before);
        assert.equal(await hosts.on("w1", "getent passwd deploy || echo none"), "none");
    });

    it("are refused when a trait is unknown, with all there are", async () => {
        const { status, stderr } = await start("w4", "deploy,loud");
        assert.equal(status, 2);
        assert.match(stderr, /no trait is named loud; expected some of\n {2}deploy: .*\n {2}bastioned: /);
    });
});

function succeeded({ status, stderr }: Finished): void {
    assert.equal(status, 0, stderr);
}
