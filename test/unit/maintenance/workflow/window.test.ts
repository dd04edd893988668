import assert from "node:assert/strict";
import { isOpen, parseWindow } from "../../../../maintenance/workflow/window";

const at = (window: string, time: string) => isOpen(parseWindow(window), new Date(time));

describe("a maintenance window", () => {
    const nights = "Mon-Fri 22:00-05:00 Europe/Berlin";

    it("is open between its hours, in its own zone, its end not included", () => {
        assert.equal(at("daily 01:00-04:00 UTC", "2026-11-21T01:00:00Z"), true);
        assert.equal(at("daily 01:00-04:00 UTC", "2026-11-21T04:00:00Z"), false);
        assert.equal(at("daily 01:00-04:00 Europe/Berlin", "2026-11-21T00:30:00Z"), true);
    });

    it("that ends before it begins goes on into the next day, also one that is not listed", () => {
        assert.equal(at(nights, "2026-11-20T21:30:00Z"), true, "Friday 22:30");
        assert.equal(at(nights, "2026-11-21T03:30:00Z"), true, "Saturday 04:30");
        assert.equal(at(nights, "2026-11-21T21:30:00Z"), false, "Saturday 22:30");
        assert.equal(at(nights, "2026-11-23T03:30:00Z"), false, "Monday 04:30");
    });

    it("takes lists and ranges of days, over the week's end as well", () => {
        assert.deepEqual(parseWindow("Sat-Mon,Wed 00:00-24:00 UTC").days, ["Sat", "Sun", "Mon", "Wed"]);
    });

    for (const [text, words] of [
        ["22:00-05:00", "days, hours and time zone"],
        ["Mo-Fr 22:00-05:00 UTC", '"Mo-Fr" names no days'],
        ["Mon 22:00-25:00 UTC", "00:00 to 24:00"],
        ["Mon 22:00-22:00 UTC", "same time"],
        ["Mon 22:00-23:00 Europe/Nowhere", "no time zone"],
    ] as const) {
        it(`refuses "${text}" in words`, () => {
            assert.throws(
                () => parseWindow(text),
                (error: Error) => error.message.includes(words) && error.message.includes("write for example"),
            );
        });
    }
});
