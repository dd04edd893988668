import assert from "node:assert/strict";
import fc from "fast-check";
import { Duration } from "../../../model/duration";

describe("a duration", () => {
    for (const [text, milliseconds] of [
        ["500ms", 500],
        ["10s", 10_000],
        ["1m30s", 90_000],
        ["1h", 3_600_000],
        ["0s", 0],
    ] as const) {
        it(`reads ${text}`, () => assert.equal(Duration.parse(text).milliseconds, milliseconds));
    }

    for (const text of ["", "10", "s", "1.5s", "-1s", "1 s", "1d", "10s ", "10S"]) {
        it(`refuses "${text}" with the notation`, () => {
            assert.throws(() => Duration.parse(text), {
                name: "RangeError",
                message: `"${text}" is not a duration; write for example 500ms, 10s, 1m30s or 1h`,
            });
        });
    }

    it("refuses what no clock counts in milliseconds", () => {
        assert.throws(() => Duration.parse("99999999999999999999h"), RangeError);
        assert.throws(() => Duration.milliseconds(-1), /-1 ms; expected a whole number/);
        assert.throws(() => Duration.milliseconds(0.5), RangeError);
    });

    it("reads what it writes", () => {
        fc.assert(
            fc.property(fc.nat({ max: 2 ** 45 }), (milliseconds) => {
                const written = Duration.milliseconds(milliseconds).toString();
                assert.equal(Duration.parse(written).milliseconds, milliseconds);
                assert.match(written, /^\d+(ms|s)$/);
            }),
        );
    });

    it("sums the units it is written in", () => {
        fc.assert(
            fc.property(fc.nat(1000), fc.nat(59), fc.nat(59), fc.nat(999), (h, m, s, ms) => {
                const sum = ((h * 60 + m) * 60 + s) * 1000 + ms;
                assert.equal(Duration.parse(`${h}h${m}m${s}s${ms}ms`).milliseconds, sum);
            }),
        );
    });

    it("rounds up to whole seconds, so that nothing ends early", () => {
        assert.equal(Duration.parse("1ms").wholeSeconds, 1);
        assert.equal(Duration.parse("2s").wholeSeconds, 2);
        assert.equal(Duration.parse("2001ms").wholeSeconds, 3);
    });

    it("is compared, added and multiplied as a number", () => {
        const one = Duration.seconds(1);
        assert.ok(Duration.parse("1001ms").isLongerThan(one));
        assert.ok(!Duration.parse("1000ms").isLongerThan(one));
        assert.equal(one.plus(Duration.parse("500ms")).toString(), "1500ms");
        assert.equal(one.times(1.2).toString(), "1200ms");
    });
});
