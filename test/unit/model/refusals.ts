import assert from "node:assert/strict";
import { type ClusterConfigInput, parseClusterConfig } from "../../../model/clusterConfig";
import { ConfigError, type ConfigProblem } from "../../../model/configError";
import { inputWith } from "./sampleConfig";

/** What is wrong with a configuration; fails when nothing is. */
export function problemsOf(input: unknown): readonly ConfigProblem[] {
    try {
        parseClusterConfig(input);
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        return error.problems;
    }
    return assert.fail("the configuration was accepted");
}

/** Asserts that the sample is refused after `change`, at exactly these key paths in any order, the first with `message`. */
export function refuses(change: (input: ClusterConfigInput) => void, paths: readonly string[], message = /./): void {
    const problems = problemsOf(inputWith(change));
    assert.deepEqual(problems.map(({ path }) => path).sort(), [...paths].sort());
    assert.match(problems[0]?.message ?? "", message);
}
