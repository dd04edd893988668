import type { Rule } from "../rules/rule";

interface PolicyEvent {
    readonly policyName: string;
    readonly enforcementLevel: string;
    /** The rule's own sentence on the first line, the finding below. */
    readonly message: string;
}

/** Headings by enforcement level, in the order of the comment. */
const SECTIONS: readonly { readonly level: string; readonly heading: string }[] = [
    { level: "mandatory", heading: "Must be corrected" },
    { level: "advisory", heading: "Should be considered" },
];

/**
 * The findings of a preview as a comment for a pull request, in Markdown.
 *
 * @param eventLog what `pulumi preview --event-log` wrote: one engine event in JSON on each line
 * @param rules the pack's rules, for links to why
 */
export function findingsComment(eventLog: string, rules: readonly Rule[]): string {
    const findings = policyEvents(eventLog);
    const listed = SECTIONS.map((section) => ({
        ...section,
        found: findings.filter(({ enforcementLevel }) => enforcementLevel === section.level),
    })).filter(({ found }) => found.length > 0);
    const counts = listed.map(({ level, found }) => `${found.length} ${level}`).join(", ");
    return [
        `### Policy pack quorate-ha: ${counts === "" ? "no" : counts} finding${findings.length === 1 ? "" : "s"}`,
        ...listed.flatMap(({ heading, found }) => [
            "",
            `**${heading}**`,
            "",
            ...found.map((finding) => `- ${escaped(words(finding))} (${ruleLink(finding, rules)})`),
        ]),
        "",
    ].join("\n");
}

function policyEvents(eventLog: string): readonly PolicyEvent[] {
    const lines = eventLog.split("\n").filter((line) => line.includes('"policyEvent"'));
    return lines
        .map((line) => (JSON.parse(line) as { policyEvent?: PolicyEvent }).policyEvent)
        .filter((event) => event !== undefined);
}

/** What was found, without the rule's own sentence and without the engine's marks for colours. */
function words({ message }: PolicyEvent): string {
    const [, ...found] = message
        .replace(/<\{%.*?%\}>/g, "")
        .trim()
        .split("\n");
    return found.length === 0 ? message.trim() : found.join(" ");
}

function ruleLink({ policyName }: PolicyEvent, rules: readonly Rule[]): string {
    const source = rules.find(({ name }) => name === policyName)?.source;
    return source === undefined ? `\`${policyName}\`` : `[${policyName}](${source.url})`;
}

/** Nothing in a finding is formatting, a link or the name of a user. */
function escaped(text: string): string {
    return text.replace(/[\\`*_{}[\]<>|#~]/g, "\\$&").replaceAll("@", "@<!-- -->");
}
