import { rulesTable } from "./rulesTable";
import { RULES } from "./rules/rules";

/** Prints the table of rules that stands in README.md. */
process.stdout.write(`${rulesTable(RULES)}\n`);
