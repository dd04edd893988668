/** Text that is HTML already. */
export class Markup {
    constructor(readonly text: string) {}
}

type Part = string | number | Markup | readonly Markup[];

/** HTML from a template: everything put into it is escaped, except what is markup itself. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
    return new Markup(strings.map((text, index) => text + render(parts[index] ?? "")).join(""));
}

/** Nothing at all. */
export const nothing = new Markup("");

function render(part: Part): string {
    if (part instanceof Markup) return part.text;
    if (Array.isArray(part)) return part.map((each: Markup) => each.text).join("\n");
    return escape(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
};

function escape(text: string): string {
    return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
