import type { Rule } from "./rules/rule";

const HEADER = ["Rule", "Level", "What it wants", "Why", "Settings"];

/** The rules as a Markdown table for README.md; one line each, columns unpadded, ending without a newline. */
export function rulesTable(rules: readonly Rule[]): string {
    const rows = [HEADER, HEADER.map(() => "---"), ...rules.map(row)];
    return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function row(rule: Rule): string[] {
    const levels = [rule.level, ...(hasRemedy(rule) ? ["can remediate"] : [])];
    const settings = Object.entries(rule.settings).map(
        ([name, { default: byDefault, means }]) => `\`${name}\`: ${byDefault} (${means})`,
    );
    return [
        `\`${rule.name}\``,
        levels.join(", "),
        rule.wants,
        `${rule.why} [${rule.source.title}](${rule.source.url})`,
        settings.join("; "),
    ];
}

function hasRemedy(rule: Rule): boolean {
    return rule.scope === "resource" && rule.remedy !== undefined;
}
