import assert from "node:assert/strict";
import type { GraphResource } from "../../../policies/graph/resource";
import { UNKNOWN, type Value, isRecord } from "../../../policies/graph/value";
import { RULES } from "../../../policies/rules/rules";
import { findingsOf } from "../../../policies/rules/rule";
import { goodStack } from "./sample";

/** The same value once for each of its parts, with that part unknown. */
function withUnknownParts(value: Value): readonly Value[] {
    if (Array.isArray(value)) {
        const list = value as readonly Value[];
        return [
            UNKNOWN,
            ...list.flatMap((item, index) => withUnknownParts(item).map((part) => list.with(index, part))),
        ];
    }
    if (!isRecord(value)) return [UNKNOWN];
    const fields = Object.entries(value);
    return [
        UNKNOWN,
        ...fields.flatMap(([key, inner]) => withUnknownParts(inner).map((part) => ({ ...value, [key]: part }))),
    ];
}

/** The stack once for each part of each resource, with that part unknown. */
function stacksWithUnknownParts(): readonly (readonly GraphResource[])[] {
    const stack = goodStack();
    return stack.flatMap((resource, index) =>
        withUnknownParts(resource.properties).map((properties) => stack.with(index, { ...resource, properties })),
    );
}

describe("rules on a stack that does everything right", () => {
    for (const rule of RULES) {
        it(`${rule.name} finds nothing, and has something to look at`, () => {
            assert.deepEqual(findingsOf(rule, goodStack()), []);
            assert.ok(goodStack().some((resource) => rule.concerns(resource)));
        });

        it(`${rule.name} neither fails nor finds anything when a part is unknown`, () => {
            for (const stack of stacksWithUnknownParts()) {
                assert.deepEqual(
                    findingsOf(rule, stack).map(({ message }) => message),
                    [],
                );
            }
        });

        it(`${rule.name} does not fail when properties are missing`, () => {
            for (const properties of [undefined, null, {}, [], "text", { spec: null, metadata: [] }] as const) {
                findingsOf(
                    rule,
                    goodStack().map((resource) => ({ ...resource, properties })),
                );
            }
        });
    }
});
