import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { DEFAULT_REPLICAS } from "../../components/workload/disruptionBudget";
import { gracePeriod } from "../../components/workload/drain";
import { type HaWorkloadArgs, parseWorkload } from "../../components/workload/workloadArgs";
import { type WorkloadsConfigInput, parseWorkloadsConfig } from "../../model/workloadsConfig";
import { type Row, fenced, leaves, read, root, rowsBetween, saysDefault } from "./readmeText";
import { workloadArgs } from "./components/workload/sampleArgs";

/** Rows that say something else than what the parser fills in. */
function wrongDefaults(rows: readonly Row[], filled: ReadonlyMap<string, unknown>, said: readonly string[]): Row[] {
    return rows.filter(({ key, byDefault }) => {
        if (said.includes(key) || byDefault === "required") return said.includes(key) !== (byDefault === "required");
        return !saysDefault(byDefault, filled.get(key));
    });
}

describe("README on workloads", () => {
    const rows = rowsBetween("## Workloads that survive maintenance", "### The stack of workloads");

    it("states the defaults that HaWorkload fills in", () => {
        const given: HaWorkloadArgs = { ...workloadArgs(), ingress: { host: "shop.example.org" } };
        const parsed = parseWorkload("shop", given);
        const scaled = parseWorkload("shop", { ...given, autoscaling: { min: 2, max: 4 } });
        const filled = new Map<string, unknown>([
            ...leaves(scaled),
            ["replicas", DEFAULT_REPLICAS],
            ["drain.grace", gracePeriod(parsed.drain)],
        ]);
        const said = ["autoscaling.min", "probes.readiness.path", "resources"];
        assert.deepEqual(wrongDefaults(rows, filled, said), []);
        assert.deepEqual(
            said.filter((key) => !rows.some((row) => row.key === key)),
            [],
        );
    });

    it("shows a program whose arguments are accepted and whose imports are there", () => {
        const made: string[] = [];
        const modules = {
            HaWorkload: function (name: string, args: HaWorkloadArgs) {
                made.push(parseWorkload(name, args).name);
            },
            Provider: Object,
            StackReference: function () {
                return { requireOutput: () => "kubeconfig" };
            },
        };
        const load = (name: string) => {
            const [, inside] = /^\.\.\/quorate\/(.+)$/.exec(name) ?? [];
            assert.ok(inside === undefined || existsSync(path.join(root, `${inside}.ts`)), name);
            return modules;
        };
        const { outputText } = ts.transpileModule(fenced("workload"), {
            compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
        });
        new Function("require", "exports", outputText)(load, {});
        assert.deepEqual(made, ["shop"]);
    });
});

describe("README on the stack of workloads", () => {
    const rows = rowsBetween("### The stack of workloads", "## Policy pack");
    const { config } = parse(read("examples/Pulumi.workloads.yaml")) as {
        config: Record<string, WorkloadsConfigInput>;
    };
    const example = config["quorate:workloads"]!;
    const only: WorkloadsConfigInput = { ...example, applications: example.applications!.slice(-1) };

    it("documents every key of the configuration, none twice and none that is not there", () => {
        const known = new Set(leaves(parseWorkloadsConfig(example)).map(([key]) => key));
        assert.deepEqual(rows.map(({ key }) => key).sort(), [...known].sort());
    });

    it("states the defaults that the parser fills in", () => {
        const { controller, image } = example.ingress as { controller: "skipper"; image: string };
        const given: WorkloadsConfigInput = {
            cluster: example.cluster,
            ingress: { controller, image },
            applications: only.applications!,
        };
        const said = leaves(given)
            .map(([key]) => key)
            .filter((key) => key !== "applications");
        const filled = new Map<string, unknown>([
            ...leaves(parseWorkloadsConfig(given)),
            ["applications", parseWorkloadsConfig({ cluster: "prod", ingress: { controller: "none" } }).applications],
        ]);
        assert.deepEqual(wrongDefaults(rows, filled, said), []);
    });
});
