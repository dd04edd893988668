import assert from "node:assert/strict";
import { bashHost } from "./bashHost";
import { assertSameEndWhenKilled } from "./killedAtEachLine";

describe("a step killed at each of its lines", () => {
    const host = bashHost();
    const fails = (text: string) =>
        assert.throws(() => assertSameEndWhenKilled(host(), `set -eu\n${text}`), /killed before/);

    it("passes when each line can be done again", () => {
        assertSameEndWhenKilled(host(), "mkdir -p /var/lib/app\necho data >/var/lib/app/data\ntouch /var/lib/app/done");
    });

    it("fails when the mark stands before what it marks", () => {
        fails(
            "mkdir -p /var/lib/app\n[ -e /var/lib/app/done ] || { touch /var/lib/app/done; echo data >/var/lib/app/data; }",
        );
    });

    it("fails for a file that only a broken run leaves behind", () => {
        fails("staged=$(mktemp)\necho secret >$staged\nrm $staged");
    });

    it("is killed in functions, pipes and subshells, too", () => {
        fails("mkdir -p /var/lib\nadd() { cat >>/var/lib/log; true; }\necho line | add");
        fails("mkdir -p /var/lib\n(echo line >>/var/lib/log; true)");
        fails("mkdir -p /var/lib\nsaid=$(echo line >>/var/lib/log; true)");
    });

    it("starts each time from the host as it was", () => {
        host().write("/var/lib/count", "1\n");
        let runs = 0;
        assertSameEndWhenKilled(host(), "[ $(wc -l </var/lib/count) = 1 ]\n:", { check: () => runs++ });
        assert.ok(runs > 0);
    });
});
