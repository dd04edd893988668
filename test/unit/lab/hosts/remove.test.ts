import assert from "node:assert/strict";
import { belongsToLab } from "../../../../lab/hosts/remove";

describe("lab hosts: whose process is it", () => {
    const hosts = "/var/lib/lab/hosts";
    const cases: [string, string[], boolean][] = [
        ["a container of this lab", ["systemd-nspawn", "--quiet", `--directory=${hosts}/w1/root`], true],
        ["a container by full path", ["/usr/bin/systemd-nspawn", `--directory=${hosts}/w1/root`], true],
        ["a supervisor", ["/bin/sh", `${hosts}/w1/supervise.sh`], true],
        ["another lab's container", ["systemd-nspawn", "--directory=/var/lib/other/hosts/w1/root"], false],
        ["somebody else's container", ["systemd-nspawn", "-b", "-D", "/srv/web"], false],
        ["an editor with the script open", ["vi", `${hosts}/w1/supervise.sh`], false],
        ["a shell that mentions the script", ["/bin/sh", "-c", `cat ${hosts}/w1/supervise.sh`], false],
        ["a kernel thread", [""], false],
    ];
    for (const [what, words, expected] of cases) {
        it(`${expected ? "takes" : "leaves"} ${what}`, () => assert.equal(belongsToLab(words, hosts), expected));
    }
});
