import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { imageRecipes } from "../../lab/artifacts/imageCatalogue";
import { labCgroup, machineCgroups } from "../../lab/hosts/cgroups";
import { machineFacts, machineFindings } from "../../lab/machine";
import { type PreparedLab, prepareLab } from "../../lab/prepare";
import { Progress } from "../../lab/progress";
import { until } from "../../lab/wait";
import { HostsLab } from "./hostsLab";

const bootId = "cat /proc/sys/kernel/random/boot_id";
const coldBuild = 80 * 60_000;

describe("lab hosts", function () {
    this.timeout(120_000);
    let hosts: HostsLab;
    let prepared: PreparedLab;

    before(async function () {
        this.timeout(coldBuild);
        const [refused] = machineFindings(await machineFacts()).filter(({ kind }) => kind === "refused");
        if (refused) {
            console.log(`    skipped: ${refused.text}`);
            return this.skip();
        }
        prepared = await prepareLab(new Progress());
        hosts = new HostsLab();
        await hosts.start();
    });
    after(async () => hosts?.stop());

    it("boot from nothing to an SSH answer in seconds", async () => {
        const started = Date.now();
        const { status, stderr } = await hosts.lab("power", "w1", "on");
        assert.equal(status, 0, stderr);
        assert.ok(Date.now() - started < 30_000);
        assert.equal(await hosts.on("w1", "hostname; hostname -I"), "w1\n10.89.0.31");
    });

    it("start with every unit well and nothing running that is to be configured", async () => {
        assert.equal(await hosts.on("w1", "systemctl is-system-running --wait || systemctl --failed"), "running");
        const services = "haproxy keepalived pound";
        assert.equal(await hosts.on("w1", `systemctl is-enabled ${services} || true`), "disabled\ndisabled\ndisabled");
        assert.equal(await hosts.on("w1", `systemctl is-active ${services} || true`), "inactive\ninactive\ninactive");
    });

    it("hold the bundle whose checksums were promised", async () => {
        const bundle = "/opt/quorate/bundle";
        assert.equal(await hosts.on("w1", `cd ${bundle} && sha256sum --quiet --check SHA256SUMS && echo good`), "good");
        const sums = await hosts.on("w1", `sha256sum ${bundle}/SHA256SUMS`);
        assert.equal(sums.split(" ")[0], prepared.bundle.sha256sums);
        assert.equal(await hosts.on("w1", `${bundle}/bin/kubelet --version`), "Kubernetes v1.36.3");
    });

    it("hold the cluster's images, imported", async () => {
        const containerd = "systemd-run --quiet --unit=containerd-try /opt/quorate/bundle/bin/containerd";
        const ctr = "/opt/quorate/bundle/bin/ctr --namespace k8s.io";
        const ready = `timeout 30 sh -c 'until ${ctr} version >/dev/null 2>&1; do sleep 0.1; done'`;
        const images = await hosts.on("w1", `${containerd} && ${ready} && ${ctr} images check | awk '{print $1, $NF}'`);
        for (const { reference } of imageRecipes)
            assert.ok(images.split("\n").includes(`${reference} true`), reference);
        await hosts.on("w1", "systemctl stop containerd-try");
    });

    it("come back from a reboot with a new boot id and the same files", async () => {
        const before = await hosts.on("w1", `echo kept > /root/note; ${bootId}`);
        await hosts.lab("ssh", "w1", "systemctl reboot");
        const after = await until({
            what: "w1 to have rebooted",
            deadlineMs: 30_000,
            observe: () => hosts.on("w1", bootId).catch((error: Error) => error.message),
            satisfied: (answer) => /^[0-9a-f-]{36}$/.test(answer) && answer !== before,
            describe: (answer) => answer,
        });
        assert.notEqual(after, before);
        assert.equal(await hosts.on("w1", "cat /root/note"), "kept");
    });

    it("are left alone when they are told to start while they run", async () => {
        const before = await hosts.on("w1", bootId);
        assert.equal((await hosts.lab("power", "w1", "on")).status, 0);
        assert.equal(await hosts.on("w1", bootId), before);
    });

    it("lose power without a word to their peers", async () => {
        const connection = hosts.watchConnection("10.89.0.31");
        await seen(connection, /open/);
        assert.equal((await hosts.lab("power", "w1", "off")).status, 0);
        const { status, stdout } = await hosts.lab("status");
        assert.equal(status, 4);
        assert.match(stdout, /w1 .* off .* no answer/);
        assert.doesNotMatch(connection.seen, /closed/);
        connection.stop();
    });

    it("say goodbye when they are shut down, and stay down", async () => {
        assert.equal((await hosts.lab("power", "w1", "on")).status, 0);
        assert.equal(await hosts.on("w1", "cat /root/note"), "kept");
        const connection = hosts.watchConnection("10.89.0.31");
        await seen(connection, /open/);
        await hosts.lab("ssh", "w1", "systemctl poweroff");
        await seen(connection, /closed/);
        connection.stop();
        await until({
            what: "w1 to be off",
            deadlineMs: 20_000,
            observe: async () => (await hosts.lab("status")).stdout,
            satisfied: (table) => /w1 .* off /.test(table),
            describe: (table) => table,
        });
    });

    it("keep their files when the machine itself was restarted", async () => {
        const root = path.join(hosts.state, "hosts/w1/root");
        assert.equal((await hosts.inNamespace(["umount", root])).status, 0);
        assert.equal((await hosts.inNamespace(["ip", "link", "del", "lab0"])).status, 0);
        assert.equal((await hosts.lab("power", "w1", "on")).status, 0);
        assert.equal(await hosts.on("w1", "cat /root/note"), "kept");
    });

    it("can be spare ones, started by name", async () => {
        assert.equal((await hosts.lab("power", "w4", "on")).status, 0);
        assert.equal(await hosts.on("w4", "hostname -I"), "10.89.0.34");
        assert.match((await hosts.lab("status")).stdout, /w4 .* on .* answers/);
    });

    it("are new after a reset, with the SSH host key they had", async () => {
        const key = "cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub";
        await hosts.on("w4", "echo old > /root/note");
        const before = await hosts.on("w4", key);
        assert.equal((await hosts.lab("reset", "w4")).status, 0);
        assert.equal(await hosts.on("w4", "ls /root"), "");
        assert.equal(await hosts.on("w4", key), before);
    });

    it("end with the exit status of a command run on them", async () => {
        assert.equal((await hosts.lab("ssh", "w4", "exit", "7")).status, 7);
    });

    it("are all gone after down, and down again finds nothing to do", async () => {
        assert.equal((await hosts.lab("down")).status, 0);
        await assertNothingLeft(hosts);
        assert.equal((await hosts.lab("down")).status, 0);
    });

    it("are all gone after down when a start was killed in the middle", async () => {
        const start = hosts.startLab(["up"]);
        await until({
            what: "the first host to be started",
            deadlineMs: 30_000,
            intervalMs: 5,
            observe: () => labProcesses(hosts.state),
            satisfied: (processes) => processes.length > 0,
            describe: () => "no process",
        });
        start.kill("SIGKILL");
        await once(start, "exit");
        assert.equal((await hosts.lab("down")).status, 0);
        await assertNothingLeft(hosts);
    });

    it("are not needed to interrupt a first start: it ends with 130 and leaves nothing half made", async () => {
        const cache = path.join(path.dirname(hosts.state), "empty-cache");
        mkdirSync(cache);
        const start = hosts.startLab(["up"], { QUORATE_CACHE: cache });
        let output = "";
        start.stderr?.on("data", (data: Buffer) => (output += data.toString()));
        await until({
            what: "a step that lasts",
            deadlineMs: 60_000,
            observe: () => output,
            satisfied: (text) => /\.\.\.$/m.test(text),
            describe: (text) => text,
        });
        start.kill("SIGINT"); // twice, as from a terminal through npm
        start.kill("SIGINT");
        const [status] = (await once(start, "exit")) as [number];
        assert.equal(status, 130, output);
        const entries = [...readdirSync(cache), ...readdirSync(path.join(cache, "artifacts"))];
        assert.deepEqual(
            entries.filter((entry) => entry.includes(".partial-")),
            [],
        );
    });
});

function seen(connection: { seen: string }, expected: RegExp): Promise<string> {
    return until({
        what: `the connection to be ${expected.source}`,
        deadlineMs: 20_000,
        observe: () => connection.seen,
        satisfied: (text) => expected.test(text),
        describe: (text) => text || "nothing",
    });
}

/** Command lines of processes that work on files of that state folder, this test run excepted. */
function labProcesses(state: string): string[] {
    return readdirSync("/proc")
        .filter((entry) => /^\d+$/.test(entry))
        .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll("\0", " "))
        .filter((commandLine) => commandLine.includes(`${state}/hosts/`));
}

async function assertNothingLeft(hosts: HostsLab): Promise<void> {
    assert.deepEqual(labProcesses(hosts.state), []);
    assert.ok(!read("/proc/self/mountinfo").includes(hosts.state));
    for (const hierarchy of machineCgroups().hierarchies) {
        assert.ok(!readdirSync(hierarchy).includes(labCgroup(hosts.state)), hierarchy);
    }
    const links = await hosts.inNamespace(["ip", "-brief", "link"]);
    assert.deepEqual(
        links.stdout
            .trim()
            .split("\n")
            .map((line) => line.split(" ")[0]),
        ["lo"],
    );
    assert.ok(!readdirSync(path.dirname(hosts.state)).includes("state"));
}

function read(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return "";
    }
}
