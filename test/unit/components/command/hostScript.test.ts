import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import fc from "fast-check";
import { renderHostScript } from "../../../../components/command/hostScript";
import { shellQuote } from "../../../../steps/shellQuote";
import { bashHost } from "../bashHost";

/** Anything that can stand in an argument: no NUL, and no half characters, which are not text. */
const text = fc
    .oneof(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: fc.constantFrom("'", '"', "\\", "$", "`", "\n", " ", "!", "*", "~", "a", ";", "-") }),
    )
    .filter((value) => !value.includes("\0"));

/** Many at once: a shell takes longer to start than to read them. */
const many = fc.array(text, { minLength: 50, maxLength: 100 });

const script = { step: "test", body: "true" };

describe("a quoted word", () => {
    const host = bashHost();

    it("reaches a program as it was, whatever it holds", () => {
        fc.assert(
            fc.property(many, (words) => {
                const { stdout } = host().run(`printf '%s\\0' ${words.map(shellQuote).join(" ")}`);
                assert.deepEqual(stdout.split("\0").slice(0, -1), words);
            }),
            { numRuns: 5 },
        );
    });

    it("stays readable when it is harmless", () => {
        assert.equal(shellQuote("https://10.89.0.21:2379"), "https://10.89.0.21:2379");
        assert.equal(shellQuote(""), "''");
        assert.equal(shellQuote("it's"), "'it'\\''s'");
    });
});

describe("the text of a step", () => {
    const host = bashHost();

    it("gives the body its settings as variables, lists as arrays", () => {
        fc.assert(
            fc.property(text, many, fc.boolean(), fc.integer(), (word, list, flag, number) => {
                const { code, stdout, stderr } = host().step({
                    settings: { word, list, flag, number },
                    body: `printf '%s\\0' "$word" "$flag" "$number" "\${list[@]}" >&3`,
                    output: "own",
                });
                assert.equal(code, 0, stderr);
                assert.deepEqual(stdout.split("\0").slice(0, -1), [word, String(flag), String(number), ...list]);
            }),
            { numRuns: 5 },
        );
    });

    it("puts files into place as they are, with a line end", () => {
        const target = (index: number) => `/etc/quorate test/it's ${index}.conf`;
        fc.assert(
            fc.property(many, (contents) => {
                const files = contents.map((content, index) => ({ path: target(index), mode: "0640", content }));
                assert.equal(host().changes({ files }).length, contents.length);
                for (const [index, content] of contents.entries()) {
                    const ended = content === "" || content.endsWith("\n") ? content : `${content}\n`;
                    assert.equal(host().read(target(index)), ended);
                    assert.equal(host().mode(target(index)), "0640");
                    rmSync(host().at(target(index)));
                }
            }),
            { numRuns: 1 },
        );
    });

    it("copes with settings that are empty lists", () => {
        const body = 'for item in "${list[@]}"; do changed "$item"; done';
        assert.deepEqual(host().changes({ settings: { list: [] }, body }), []);
    });

    it("refuses a file that holds the line that ends it", () => {
        const file = { path: "/etc/x", mode: "0644", content: "a\nQUORATE_FILE\nb" };
        assert.throws(() => renderHostScript({ ...script, files: [file] }), /\/etc\/x: the line QUORATE_FILE cannot/);
    });

    it("is the same for the same step, so that previews show real changes only", () => {
        const step = { ...script, settings: { list: ["a", "b"] }, files: [{ path: "/x", mode: "0644", content: "y" }] };
        assert.equal(renderHostScript(step), renderHostScript(structuredClone(step)));
    });

    it("takes its functions from the host, but brings them in the step that prepares it", () => {
        assert.match(renderHostScript(script), /^\. \/usr\/local\/lib\/quorate\/steps\.sh$/m);
        assert.doesNotMatch(renderHostScript(script), /put_file\(\)/);
        assert.match(renderHostScript({ ...script, bringsLibrary: true }), /^put_file\(\)/m);
    });

    it("ends with the list of changes, or with the body's own output", () => {
        assert.match(renderHostScript(script), /\nfinish\n$/);
        assert.doesNotMatch(renderHostScript({ ...script, output: "own" }), /\nfinish\n/);
    });
});
