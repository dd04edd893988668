import assert from "node:assert/strict";
import fc from "fast-check";
import { Version } from "../../../model/version";

const number = fc.nat(999);
const versions = fc.tuple(number, number, number);

describe("a version", () => {
    it("is the same with and without v", () => {
        assert.ok(Version.parse("v1.36.3").equals(Version.parse("1.36.3")));
        assert.equal(Version.parse("1.36.3").toString(), "v1.36.3");
        assert.equal(Version.parse("v1.36.3").bare, "1.36.3");
    });

    for (const text of ["", "1.36", "v1", "latest", "1.36.3.4", "1.36.x"]) {
        it(`refuses "${text}" with an example`, () => {
            assert.throws(() => Version.parse(text), {
                name: "RangeError",
                message: `"${text}" is not a version; write for example v1.36.3`,
            });
        });
    }

    it("reads what it writes, in both notations", () => {
        fc.assert(
            fc.property(versions, (parts) => {
                const version = Version.parse(parts.join("."));
                assert.ok(Version.parse(version.toString()).equals(version));
                assert.equal(Version.parse(version.bare).bare, parts.join("."));
                assert.deepEqual([version.major, version.minor], parts.slice(0, 2));
            }),
        );
    });

    it("is ordered by number, not by letter", () => {
        assert.equal(Version.parse("1.9.0").compare(Version.parse("1.10.0")), -1);
        fc.assert(
            fc.property(versions, versions, (left, right) => {
                const difference = left.map((part, index) => part - (right[index] ?? 0)).find((part) => part !== 0);
                assert.equal(
                    Version.parse(left.join(".")).compare(Version.parse(right.join("."))),
                    Math.sign(difference ?? 0),
                );
            }),
        );
    });

    it("comes before its release while it is a candidate", () => {
        assert.equal(Version.parse("v1.36.0-rc.1").compare(Version.parse("v1.36.0")), -1);
    });
});
