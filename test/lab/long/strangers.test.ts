import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { ensurePrograms } from "../../../lab/programs";
import { Progress } from "../../../lab/progress";
import { findHost } from "../../../lab/topology";
import { until } from "../../../lab/wait";
import { ClusterLab, labRefusal } from "../clusterLab";
import { healthy } from "../cluster/healthy";
import { kubectlOk } from "../cluster/pods";
import { API, whileProbing } from "../probing";
import { OUTSIDE_PORT, TRIES, apply, ask, outside } from "../strangers/ingresses";
import { heardOutside } from "../strangers/listener";
import { type Stranger, podOn, sendVrrp } from "../strangers/vrrp";

/** Skipper asks for routes once a second. */
const ROUTES_MS = 5_000;

describe("a cluster among strangers", function () {
    this.timeout(20 * 60_000);
    const lab = new ClusterLab();

    before(async function () {
        this.timeout(80 * 60_000);
        const refusal = await labRefusal();
        if (refusal !== undefined) {
            console.log(`    skipped: ${refusal}`);
            return this.skip();
        }
        await ensurePrograms(["python3"], new Progress());
        await lab.start();
        const { status, stdout, stderr } = await lab.up();
        assert.equal(status, 0, stderr + stdout);
    });
    after(async () => lab.stop());

    const strangers: Readonly<Record<string, () => Stranger>> = {
        "a pod": () => ({ enter: podOn(lab, "w1") }),
        "a pod with a balancer's address": () => ({ enter: podOn(lab, "w1"), forged: findHost("lb1").address }),
        "a pod with the other balancer's address": () => ({ enter: podOn(lab, "w1"), forged: findHost("lb2").address }),
        "another host of the same network": () => ({ enter: [] }),
    };
    for (const [from, stranger] of Object.entries(strangers)) {
        it(`leaves the address where it is when VRRP packets come from ${from}`, async () => {
            await whileProbing(
                lab,
                `vrrp-from-${from.replaceAll(/\W+/g, "-")}`,
                async () => {
                    const seen = await sendVrrp(lab, stranger());
                    // One line each: the number of looks and how many addresses there were, which never changed.
                    const owners = seen.map((text) => /^\s*\d+ ([01])$/.exec(text)?.[1]);
                    assert.deepEqual([...owners].sort(), ["0", "1"], seen.join("\n--\n"));
                },
                API,
            );
        });
    }

    for (const [attempt, annotations] of Object.entries(TRIES)) {
        it(`refuses an Ingress that would ${attempt}`, async () => {
            const { status, stdout, stderr } = await apply(lab, "refused", annotations);
            assert.notEqual(status, 0, stdout);
            const [annotation = ""] = Object.keys(annotations);
            assert.match(stderr, /denied|forbidden/i);
            assert.ok(stderr.includes(annotation), stderr);
        });
    }

    it("takes Ingresses that say nothing of the kind", async () => {
        const { status, stderr } = await apply(lab, "plain", {});
        assert.equal(status, 0, stderr);
        await served("plain");
    });

    // From here on nothing comes back that was taken away.
    it("serves no file and runs no code when nothing refuses such an Ingress", async () => {
        await kubectlOk(lab, "delete", "validatingadmissionpolicybindings", "--all");
        await until({
            what: "the policies to be out of force",
            deadlineMs: 30_000,
            intervalMs: 1000,
            observe: () => apply(lab, "files", TRIES["serve the proxy's files"]!),
            satisfied: ({ status }) => status === 0,
            describe: ({ stderr }) => stderr,
        });
        assert.equal((await apply(lab, "code", TRIES["run code in the proxy"]!)).status, 0);
        assert.equal((await apply(lab, "routes", TRIES["bring routes of its own"]!)).status, 0);
        assert.equal((await apply(lab, "later", {})).status, 0);
        await served("later");
        await pause(ROUTES_MS);
        for (const name of ["files", "routes"]) {
            for (const file of ["/hosts", "/passwd", "/resolv.conf"]) {
                const answer = await ask(lab, name, file);
                assert.doesNotMatch(answer, /localhost|root:|nameserver/, `${name}${file}`);
            }
        }
        assert.doesNotMatch(await ask(lab, "code", "/hostname"), /taken over/);
        await served("later");
        await healthy(lab);
    });

    it("sends nobody's requests anywhere else either", async () => {
        const tries = {
            copied: TRIES["copy requests to somebody else"]!,
            leave: TRIES["ask somebody else for leave"]!,
            inside: TRIES["send requests to an address inside"]!,
            elsewhere: { "zalando.org/skipper-filter": `setDynamicBackendUrl("${outside}")` },
        };
        const heard = await heardOutside(lab, OUTSIDE_PORT, async () => {
            for (const [name, annotations] of Object.entries(tries)) {
                const { status, stderr } = await apply(lab, name, annotations);
                assert.equal(status, 0, stderr);
            }
            assert.equal((await apply(lab, "latest", {})).status, 0);
            await served("latest");
            await pause(ROUTES_MS);
            for (const name of Object.keys(tries)) {
                for (const file of ["/hostname", "/metrics"]) {
                    const answer = await ask(lab, name, file);
                    // What the listener answers, and the proxy's own metrics.
                    assert.doesNotMatch(answer, /stranger|skipper_|go_goroutines/, `${name}${file}`);
                }
            }
        });
        assert.deepEqual(heard, []);
        await served("latest");
    });

    async function served(name: string): Promise<void> {
        await until({
            what: `${name} to be served`,
            deadlineMs: 30_000,
            intervalMs: 500,
            observe: () => ask(lab, name, "/hostname"),
            satisfied: (answer) => answer.startsWith("200\nweb-"),
            describe: (answer) => answer,
        });
    }
});
