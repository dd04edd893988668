import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as sdkErrors from "@pulumi/pulumi/cmd/run/error";
import { ConfigError } from "../../../model/configError";
import { programError } from "../../../stacks/programError";

/** What the SDK makes of every error that ends a program, also of those it shows without their stack. Not in its types. */
const { defaultErrorMessage } = sdkErrors as unknown as { defaultErrorMessage(error: unknown): string };

const SDK_FRAME = "    at async Stack.initializeAndRegisterOutputs (/site/node_modules/@pulumi/resource.ts:1598:22)";

describe("an error that ends the program", () => {
    it("is its message alone when it is about the configuration", () => {
        const shown = programError(new ConfigError("quorate:cluster", [{ path: "name", message: "is missing" }]));
        assert.ok(pulumi.RunError.isInstance(shown));
        assert.equal(shown.message, "quorate:cluster: 1 problem\n  name: is missing");
        assert.equal(defaultErrorMessage(shown), shown.message);
    });

    it("is its message alone when it is a refusal", () => {
        assert.equal(defaultErrorMessage(programError(new pulumi.RunError("no such layer"))), "no such layer");
    });

    it("keeps where it came from, without the frames that Node cannot colour", () => {
        const error = new Error("unforeseen");
        const own = "    at program (/site/stacks/index.ts:20:46)";
        const deep = "    at async Object.runProgram (/site/node_modules/@pulumi/cmd/run/run.ts:579:20)";
        const flat = "    at /site/node_modules/single.js:1:1";
        error.stack = ["Error: unforeseen", own, deep, SDK_FRAME, flat].join("\n");
        assert.equal(programError(error), error);
        assert.equal(error.stack, ["Error: unforeseen", own, deep].join("\n"));
    });

    it("may be anything", () => assert.equal(programError("thrown text"), "thrown text"));
});
