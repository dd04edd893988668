import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { findingsComment } from "../../../policies/comment/findingsComment";
import { RULES } from "../../../policies/rules/rules";
import { pulumiProject } from "../support/pulumiProject";
import { EXPECTED_FINDINGS } from "./expectedFindings";

const root = path.resolve(__dirname, "../../..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const program = (name: string): string => read(`test/engine/policies/programs/${name}.ts`);

interface PolicyEvent {
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly message: string;
    readonly resourceUrn: string;
}

/** How a preview with the pack ended, and what the engine told of it. */
interface Checked {
    readonly code: number | null;
    readonly output: string;
    readonly log: string;
    readonly findings: readonly PolicyEvent[];
}

describe("pulumi preview --policy-pack policies", function () {
    this.timeout(300_000);
    // The variable makes --event-log known, as in the example workflow.
    const project = pulumiProject({}, { PULUMI_DEBUG_COMMANDS: "true" });

    const check = async (text: string, args: readonly string[] = [], stack = "dev"): Promise<Checked> => {
        await project().write({ "index.ts": text });
        const events = path.join(project().directory, "events.ndjson");
        const pack = path.join(root, "policies");
        const { code, output } = await project().run(
            ...["preview", "--stack", stack, "--policy-pack", pack, "--event-log", events, ...args],
        );
        const log = readFileSync(events, "utf8");
        const findings = log
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => (JSON.parse(line) as { policyEvent?: PolicyEvent }).policyEvent)
            .filter((event) => event !== undefined);
        return { code, output, log, findings };
    };
    const short = ({ policyName, message }: PolicyEvent) => `${policyName}: ${message}`;
    const found = (checked: Checked, name: string) => checked.findings.filter(({ policyName }) => policyName === name);

    describe("on a program that does everything right", () => {
        it("finds nothing, not even where values are unknown", async () => {
            const { code, output, log, findings } = await check(program("good"));
            assert.deepEqual(findings.map(short), []);
            assert.equal(code, 0, output);
            assert.match(output, /quorate-ha@v\d+\.\d+\.\d+/);
            const types = [...log.matchAll(/"resourcePreEvent":.*?"type":"([^"]+)"/g)].map(([, type = ""]) => ({
                type,
            }));
            const idle = RULES.filter((rule) => !types.some((resource) => rule.concerns(resource)));
            assert.deepEqual(
                idle.map(({ name }) => name),
                [],
            );
        });
    });

    describe("on a program that does everything wrong", () => {
        let checked: Checked;
        before(async () => {
            checked = await check(program("bad"));
        });

        it("refuses", () => {
            assert.notEqual(checked.code, 0);
        });

        it("finds exactly what is wrong, in readable words", () => {
            const left = [...checked.findings];
            for (const [level, rule, words] of EXPECTED_FINDINGS) {
                const index = left.findIndex(
                    ({ policyName, enforcementLevel, message }) =>
                        policyName === rule &&
                        enforcementLevel === level &&
                        words.test(message.split("\n").slice(1).join("\n")),
                );
                assert.ok(index >= 0, `${rule} ${String(words)}\n${checked.output}`);
                left.splice(index, 1);
            }
            assert.deepEqual(left.map(short), []);
        });

        it("finds something by every rule of the pack, and puts it at the resource", () => {
            assert.deepEqual(
                RULES.map(({ name }) => name).filter((name) => found(checked, name).length === 0),
                [],
            );
            for (const { resourceUrn } of checked.findings) assert.doesNotMatch(resourceUrn, /pulumi:pulumi:Stack/);
        });

        it("shows no secret", () => {
            assert.ok(!checked.findings.map(short).join().includes("abcdef.0123456789abcdef"));
        });

        it("gives a pull request its comment", () => {
            const comment = findingsComment(checked.log, RULES);
            assert.match(comment, /^### Policy pack quorate-ha: \d+ mandatory, \d+ advisory findings\n/);
            assert.equal(comment.match(/^- /gm)?.length, EXPECTED_FINDINGS.length);
        });
    });

    describe("with a policy configuration", () => {
        let checked: Checked;
        before(async () => {
            const advisory = Object.fromEntries(RULES.map(({ name }) => [name, "advisory"]));
            const config = {
                ...advisory,
                "image-tag": "disabled",
                replicas: { enforcementLevel: "advisory", minimum: 5 },
                "odd-etcd": { minimum: 1, enforcementLevel: "advisory" },
                "budget-unhealthy-pods": "remediate",
                "pre-stop-fits-grace": "remediate",
            };
            await project().write({ "policies.json": JSON.stringify(config) });
            checked = await check(program("bad"), ["--policy-pack-config", "policies.json"]);
        });

        it("lets pass what is advisory and leaves out what is disabled", () => {
            assert.equal(checked.code, 0, checked.output);
            assert.deepEqual(found(checked, "image-tag"), []);
        });

        it("takes the thresholds", () => {
            const words = found(checked, "replicas").map(({ message }) => message);
            assert.ok(words.some((message) => /shop\/cart: has 4 replicas; write 5 or more/.test(message)));
            assert.match(found(checked, "odd-etcd").map(short).join(), /write 1 or 3/);
        });

        it("remedies where that is safe, so that nothing is left to find", () => {
            for (const rule of ["budget-unhealthy-pods", "pre-stop-fits-grace"]) {
                assert.deepEqual(found(checked, rule).map(short), []);
                assert.ok(checked.log.includes(`"policyName":"${rule}"`), rule);
            }
            assert.match(checked.log, /"terminationGracePeriodSeconds":90/);
            assert.match(checked.log, /"unhealthyPodEvictionPolicy":"AlwaysAllow"/);
        });
    });

    it("finds nothing in quorate's own cluster stack, as a new stack without secrets", async () => {
        const { config } = parse(read("examples/Pulumi.small.yaml")) as { config: object };
        await project().write({ "Pulumi.own.yaml": JSON.stringify({ config }) });
        await project().succeed("stack", "init", "own");
        const { code, output, findings } = await check(
            `export = require(${JSON.stringify(path.join(root, "stacks/index"))});\n`,
            [],
            "own",
        );
        assert.equal(code, 0, output);
        assert.deepEqual(findings.map(short), []);
    });
});
