import assert from "node:assert/strict";
import { unknownCheckingProxy } from "@pulumi/policy";
import { asset } from "@pulumi/pulumi";
import { plainProperties } from "../../../policies/engine/plainProperties";
import { UNKNOWN } from "../../../policies/graph/value";

/** How the engine writes an unknown text and an unknown list. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_LIST = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";

const plain = (properties: object) => plainProperties(unknownCheckingProxy(properties));

describe("properties as the policy SDK hands them out", () => {
    it("are the same as plain data", async () => {
        const properties = { text: "a", list: [1, { deep: [true, null] }], nothing: null, empty: {} };
        assert.deepEqual(await plain(properties), properties);
    });

    it("have their unknown parts marked and keep all others", async () => {
        assert.deepEqual(await plain({ a: UNKNOWN_TEXT, b: ["x", UNKNOWN_TEXT], c: { d: UNKNOWN_LIST, e: 1 } }), {
            a: UNKNOWN,
            b: ["x", UNKNOWN],
            c: { d: UNKNOWN, e: 1 },
        });
    });

    it("have the text of files that are given as text", async () => {
        const source = new asset.StringAsset("backend api\n");
        assert.deepEqual(await plain({ source }), { source: { text: "backend api\n" } });
        const elsewhere = new asset.FileAsset("haproxy.cfg");
        assert.deepEqual(await plain({ source: elsewhere }), { source: { text: undefined } });
    });
});
