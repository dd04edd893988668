import assert from "node:assert/strict";
import { mountsBelow } from "../../../../lab/hosts/mounts";

const line = (mountPoint: string): string => `40 31 0:37 / ${mountPoint} rw - ext4 /dev/x rw`;

describe("lab hosts: mounts", () => {
    const mountinfo = ["/", "/lab", "/lab/root", "/lab/root/proc", "/laboratory", "/lab\\040two/x"]
        .map(line)
        .join("\n");

    it("are listed deepest first, the folder itself last, neighbours not at all", () => {
        assert.deepEqual(mountsBelow(mountinfo, "/lab"), ["/lab/root/proc", "/lab/root", "/lab"]);
    });

    it("are found in folders with spaces", () => {
        assert.deepEqual(mountsBelow(mountinfo, "/lab two"), ["/lab two/x"]);
    });
});
