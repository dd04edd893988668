import assert from "node:assert/strict";
import type { Command } from "commander";
import { HOST_PHASES } from "../../maintenance/actions/reboot/hostPhases";
import { planText } from "../../maintenance/actions/reboot/planText";
import { program } from "../../maintenance/cli/main";
import { fenced, rowsBetween } from "./readmeText";

/** Options that the section on `quorate status` explains for every command about a cluster. */
const COMMON = ["--stack", "--outputs", "--cwd", "--identity", "--kubeconfig", "--json"];
/** Defaults that no option has as a value. */
const IN_WORDS = ["none", "until stopped", "random", "the prober's", ""];

const io = { environment: {}, stdout: process.stdout, stderr: process.stderr };
const { commands } = program({ ...io, readStdin: () => Promise.resolve(""), exit: () => undefined });

/** Options of a command beside the common ones. */
function optionsOf(name: string): Command["options"] {
    const command = commands.find((candidate) => candidate.name() === name);
    return (command?.options ?? []).filter(({ long }) => !COMMON.includes(long ?? ""));
}

/** The options that README's tables document from one line to another one. */
function documented(from: string, to: string): { option: string; byDefault: string }[] {
    return rowsBetween(from, to)
        .map(({ key, byDefault }) => ({ option: key.split(" ")[0] ?? "", byDefault: byDefault.replaceAll("`", "") }))
        .filter(({ option }) => option.startsWith("--"));
}

const SECTIONS = [
    { name: "reboot", from: "## Rolling reboots", to: "## quorate probe" },
    { name: "probe", from: "## quorate probe", to: "## Configuration" },
];

for (const { name, from, to } of SECTIONS) {
    describe(`README on quorate ${name}`, () => {
        const rows = documented(from, to);
        const options = optionsOf(name);

        it("documents every option of its own, none twice and none that is not there", () => {
            assert.deepEqual(rows.map(({ option }) => option).sort(), options.map(({ long }) => long).sort());
        });

        it("states their defaults", () => {
            const wrong = rows.filter(({ option, byDefault }) => {
                const known = options.find(({ long }) => long === option);
                const value: unknown = known?.defaultValueDescription ?? known?.defaultValue;
                if (known?.negate || value === undefined || value === false) return !IN_WORDS.includes(byDefault);
                return byDefault !== String(value);
            });
            assert.deepEqual(wrong, []);
        });
    });
}

describe("README on stopped runs", () => {
    const explained = documented("## Rolling reboots", "## quorate probe").map(({ option }) => option);

    for (const name of ["resume", "abort", "unlock"]) {
        it(`explains the options of quorate ${name}`, () => {
            const others = optionsOf(name).map(({ long }) => long ?? "");
            assert.deepEqual(
                others.filter((option) => !explained.includes(option)),
                ["--run"],
            );
        });
    }
});

describe("README on the plan of a reboot", () => {
    it("shows what a dry run prints", () => {
        const step = (role: "worker" | "control-plane" | "load-balancer") => (host: string) => ({
            role,
            hosts: [host],
        });
        const steps = [
            ...["w1", "w2", "w3"].map(step("worker")),
            ...["cp1", "cp3", "cp2"].map(step("control-plane")),
            ...["lb2", "lb1"].map(step("load-balancer")),
        ];
        assert.equal(fenced("reboot plan").trimEnd(), planText({ steps, skipped: [] }, HOST_PHASES));
    });
});
