import assert from "node:assert/strict";
import { ConfigError, keyPath } from "../../../model/configError";

describe("a key path", () => {
    for (const [path, text] of [
        [["hosts", 3, "address"], "hosts[3].address"],
        [["name"], "name"],
        [["endpoint", "ingress", 0, "port"], "endpoint.ingress[0].port"],
        [[0, "role"], "[0].role"],
    ] as const) {
        it(`is written ${text}`, () => assert.equal(keyPath(path), text));
    }
});

describe("a configuration error", () => {
    it("counts its problems and gives each a line with its key path", () => {
        const error = new ConfigError("quorate:cluster", [
            { path: "name", message: "is missing" },
            { path: "hosts[1].role", message: "is unknown" },
        ]);
        assert.equal(error.message, "quorate:cluster: 2 problems\n  name: is missing\n  hosts[1].role: is unknown");
        assert.equal(error.name, "ConfigError");
    });

    it("knows the singular", () => {
        assert.match(new ConfigError("x", [{ path: "a", message: "b" }]).message, /^x: 1 problem\n/);
    });
});
