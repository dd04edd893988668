import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { findingsComment } from "../../../policies/comment/findingsComment";
import { RULES } from "../../../policies/rules/rules";

const root = path.resolve(__dirname, "../../..");
const event = (policyName: string, enforcementLevel: string, message: string) =>
    JSON.stringify({ sequence: 1, policyEvent: { policyName, enforcementLevel, message } });

describe("comment on a pull request", () => {
    it("says that nothing was found", () => {
        const log = '{"sequence":0,"preludeEvent":{"config":{}}}\n{"sequence":1,"cancelEvent":{}}\n';
        assert.equal(findingsComment(log, RULES), "### Policy pack quorate-ha: no findings\n");
    });

    it("lists mandatory findings before advisory ones, each with a link to why", () => {
        const log = [
            event("replicas", "advisory", "Two.\nDeployment shop/web: has 1 replica\n"),
            event("image-tag", "mandatory", "Named.\n<{%fg 1%}>Deployment shop/web: image web<{%reset%}>\n"),
            event("of-another-pack", "mandatory", "alone"),
        ].join("\n");
        assert.equal(
            findingsComment(log, RULES),
            `### Policy pack quorate-ha: 2 mandatory, 1 advisory findings

**Must be corrected**

- Deployment shop/web: image web ([image-tag](https://kubernetes.io/docs/concepts/containers/images/#image-names))
- alone (\`of-another-pack\`)

**Should be considered**

- Deployment shop/web: has 1 replica ([replicas](https://github.com/kubernetes/kubernetes/issues/48307))
`,
        );
    });

    it("formats nothing, links nothing and calls nobody by what a finding quotes", () => {
        const comment = findingsComment(event("image-tag", "mandatory", "x\n[a](b) <b> *c* web@sha256 |"), RULES);
        assert.ok(comment.includes("- \\[a\\](b) \\<b\\> \\*c\\* web@<!-- -->sha256 \\| ("), comment);
    });

    it("is made by an example workflow whose programs are there", () => {
        const text = readFileSync(path.join(root, "examples/policies/pull-request.yml"), "utf8");
        const { jobs } = parse(text) as { jobs: { policies: { steps: readonly { run?: string }[] } } };
        const scripts = jobs.policies.steps.map(({ run }) => run ?? "").join("\n");
        const files = [...scripts.matchAll(/\bpolicies\/\S+\.ts\b/g)].map(([file]) => file);
        assert.ok(files.length > 0);
        for (const file of files) assert.ok(existsSync(path.join(root, file)), file);
        assert.match(scripts, /pulumi preview .*--policy-pack policies /);
    });
});
