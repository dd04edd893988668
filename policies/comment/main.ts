import { readFileSync } from "node:fs";
import { RULES } from "../rules/rules";
import { findingsComment } from "./findingsComment";

/** Prints the comment for a pull request; the argument is the file that `pulumi preview --event-log` wrote. */
const [, , eventLog] = process.argv;
if (eventLog === undefined) {
    process.stderr.write("no event log given; write the file of pulumi preview --event-log FILE\n");
    process.exit(2);
}
process.stdout.write(findingsComment(readFileSync(eventLog, "utf8"), RULES));
