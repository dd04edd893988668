/** What one step has to say in the end; failures and skipped tests by their names. */
export interface Counts {
    readonly passed: number;
    readonly failed: readonly string[];
    readonly skipped: readonly string[];
}

/** The counts of several steps as of one. */
export function sum(results: readonly Counts[]): Counts {
    return {
        passed: results.reduce((total, { passed }) => total + passed, 0),
        failed: results.flatMap(({ failed }) => failed),
        skipped: results.flatMap(({ skipped }) => skipped),
    };
}

/** Prints what was skipped and what failed, and the counts as the last line. @returns the exit status: 1 when something failed */
export function conclude(results: readonly Counts[]): number {
    const { passed, failed, skipped } = sum(results);
    console.log("");
    for (const name of skipped) console.log(`skipped: ${name}`);
    for (const name of failed) console.log(`failed: ${name}`);
    console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
    return failed.length === 0 ? 0 : 1;
}
