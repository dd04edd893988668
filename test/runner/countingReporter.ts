import Mocha from "mocha";
import type { Counts } from "./counts";
import { SuiteTimes } from "./suiteTimes";

const { EVENT_RUN_END, EVENT_SUITE_BEGIN, EVENT_SUITE_END, EVENT_TEST_FAIL, EVENT_TEST_PENDING } =
    Mocha.Runner.constants;

/** Mocha's ordinary output for people and what each suite took; the counts go to the runner over the process channel. */
class CountingReporter extends Mocha.reporters.Spec {
    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
        super(runner, options);
        const failed: string[] = [];
        const skipped: string[] = [];
        const times = new SuiteTimes();
        runner.on(EVENT_SUITE_BEGIN, (suite) => suite.root || times.begin(suite.title));
        runner.on(EVENT_SUITE_END, (suite) => suite.root || times.end());
        runner.on(EVENT_TEST_FAIL, (test) => failed.push(test.fullTitle()));
        runner.on(EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
        runner.once(EVENT_RUN_END, () => {
            for (const line of times.lines()) console.log(line);
            const counts: Counts = { passed: this.stats.passes, failed, skipped };
            process.send?.(counts);
        });
        // The first signal lets a test take down what it made, as mocha itself does not; the second one ends at once.
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => runner.abort());
    }
}

export = CountingReporter;
