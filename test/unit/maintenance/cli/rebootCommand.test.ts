import assert from "node:assert/strict";
import { EXIT, exitCodeOf } from "../../../../maintenance/cli/exitCodes";
import { run } from "../../../../maintenance/cli/main";
import { commandLine } from "../../../../maintenance/cli/proberProcess";
import type { RunOptions } from "../../../../maintenance/cli/rebootOptions";
import { LockHeldError, LockLostError } from "../../../../maintenance/workflow/lockErrors";
import { Duration } from "../../../../model/duration";
import { fakeIo } from "./fakeIo";

async function quorate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const { io, printed } = fakeIo();
    const code = await run(args, io);
    return { code, ...printed() };
}

describe("quorate reboot on the command line", () => {
    for (const command of ["reboot", "resume", "abort", "unlock"]) {
        it(`explains ${command}`, async () => {
            const { code, out } = await quorate(command, "--help");
            assert.equal(code, EXIT.ok);
            assert.match(out, /--stack/);
        });
    }

    for (const [args, words] of [
        [["--window", "always"], /"always" is not a window.*write for example/],
        [["--max-parallel-workers", "0"], /expected a whole number, 1 or more/],
        [["--policy", "hope"], /Allowed choices are block, skip, force/],
        [["--role", "master"], /Allowed choices are worker, control-plane, load-balancer/],
        [["--drain-timeout", "soon"], /"soon" is not a duration/],
        [["--probe-rate", "many"], /expected a number, more than 0/],
        [["--budget-failed", "1.5"], /expected a whole number, 0 or more/],
        [["--budget-outage", "short"], /"short" is not a duration/],
        [["--min-rate", "98"], /expected a number, 0 or more and at most 1/],
        [["--max-stall", "never"], /"never" is not a duration/],
        [[], /--outputs or --stack: one is needed/],
    ] as const) {
        it(`refuses ${args.join(" ") || "to guess the cluster"} with exit status 2`, async () => {
            const { code, err } = await quorate("reboot", ...args);
            assert.equal(code, EXIT.usage);
            assert.match(err, words);
        });
    }

    for (const command of ["reboot", "resume", "abort"]) {
        for (const [option, value] of [
            ["--probe-ingress", "http://10.89.0.10/"],
            ["--probe-ingress-host", "shop.test"],
            ["--probe-rate", "50"],
            ["--budget-failed", "0"],
            ["--budget-outage", "1s"],
            ["--min-rate", "0.5"],
            ["--max-stall", "1s"],
        ] as const) {
            it(`refuses to ${command} with ${option} beside --no-probe, in whichever order`, async () => {
                for (const args of [
                    ["--no-probe", option, value],
                    [option, value, "--no-probe"],
                ]) {
                    const { code, err } = await quorate(command, "--stack", "lab", ...args);
                    assert.equal(code, EXIT.usage);
                    assert.match(err, new RegExp(`option '${option} <\\w+>' cannot be used with option '--no-probe'`));
                }
            });
        }
    }

    it("needs the run's id to unlock", async () => {
        const { code, err } = await quorate("unlock", "--stack", "lab");
        assert.equal(code, EXIT.usage);
        assert.match(err, /--run <id>/);
    });

    it("ends with 75 when somebody else is at work, at the start or later", () => {
        assert.equal(exitCodeOf(new LockHeldError("bob@laptop pid 1 run r", new Date(0), "wait")), 75);
        assert.equal(exitCodeOf(new LockLostError("it was deleted")), 75);
    });
});

describe("the prober beside a run", () => {
    const options: RunOptions = { cwd: "/project", json: false, timeout: Duration.seconds(1), probe: true };

    it("gets the cluster, the ingress, the run's events and a folder for its report", () => {
        const [main = "", ...args] = commandLine("/runs/1", "/runs/1/availability", {
            ...options,
            stack: "lab",
            kubeconfig: "/kubeconfig",
            probeIngress: "http://10.89.0.10/",
            probeIngressHost: "shop.test",
            probeRate: 50,
            budgetFailed: 3,
            budgetOutage: Duration.parse("1500ms"),
            minRate: 0.9,
            maxStall: Duration.parse("2s"),
        });
        assert.match(main, /maintenance\/cli\/main\.ts$/);
        assert.equal(
            args.join(" "),
            "probe --until-input-ends --stack lab --cwd /project --kubeconfig /kubeconfig --ingress-url http://10.89.0.10/ --ingress-host-header shop.test --rate 50 --budget-failed 3 --budget-outage 1500ms --min-rate 0.9 --max-stall 2s --events /runs/1/events.ndjson --out /runs/1/availability",
        );
    });

    it("is given options that it knows", async () => {
        const { out } = await quorate("probe", "--help");
        const given = commandLine("/runs/1", "/runs/1/availability", {
            ...options,
            outputs: "o",
            stack: "s",
            kubeconfig: "k",
            probeIngress: "u",
            probeIngressHost: "h",
            probeRate: 1,
            budgetFailed: 0,
            budgetOutage: Duration.seconds(1),
            minRate: 1,
            maxStall: Duration.seconds(1),
        });
        for (const flag of given.filter((arg) => arg.startsWith("--"))) assert.ok(out.includes(`${flag} `), flag);
    });
});
