import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { RULES } from "../../../policies/rules/rules";

const root = path.resolve(__dirname, "../../..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const version = (file: string) => /"?version"?:\s*"?([\d.]+)/.exec(read(file))?.[1];

describe("the rules of the pack", () => {
    it("have names of their own, in words with hyphens", () => {
        const names = RULES.map(({ name }) => name);
        assert.equal(new Set(names).size, names.length);
        // "all" sets every rule at once in a policy configuration.
        for (const name of names) assert.match(name, /^(?!all$)[a-z]+(-[a-z]+)*$/);
    });

    for (const rule of RULES) {
        it(`${rule.name} says what it wants, why, where that is written, and what to do`, () => {
            for (const sentence of [rule.wants, rule.why, rule.advice]) assert.match(sentence, /^\S.*[.)]$/);
            assert.match(rule.source.url, /^https:\/\/[^\s]+$/);
            assert.notEqual(rule.source.title, "");
        });

        it(`${rule.name} has thresholds that it accepts itself`, () => {
            for (const setting of Object.values(rule.settings)) assert.ok(setting.default >= setting.minimum);
        });
    }

    it("are configured by names, levels and thresholds that there are, in the example", () => {
        const example = JSON.parse(read("examples/policies/policies.json")) as Record<string, string | object>;
        for (const [name, value] of Object.entries(example)) {
            const rule = RULES.find((candidate) => candidate.name === name);
            assert.ok(rule, name);
            const { enforcementLevel, ...settings } =
                typeof value === "string" ? { enforcementLevel: value } : (value as { enforcementLevel?: string });
            const levels = ["mandatory", "advisory", "disabled", ...("remedy" in rule ? ["remediate"] : [])];
            assert.ok(levels.includes(enforcementLevel ?? rule.level), name);
            for (const setting of Object.keys(settings)) assert.ok(setting in rule.settings, `${name}.${setting}`);
        }
    });

    it("have the version of quorate", () => {
        const expected = version("package.json");
        assert.deepEqual(
            [version("policies/package.json"), version("policies/PulumiPolicy.yaml")],
            [expected, expected],
        );
    });
});
