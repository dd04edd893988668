import assert from "node:assert/strict";
import { renderPrepare } from "../../../../components/host/prepareScript";
import { configWith } from "../../model/sampleConfig";
import { bashHost } from "../bashHost";
import { KILL_TIMEOUT_MS, assertSameEndWhenKilled } from "../killedAtEachLine";

describe("the step that prepares a host", () => {
    const host = bashHost();

    it("ends alike when it is killed at any line", () => {
        const config = configWith();
        const worker = config.hosts.find(({ role }) => role === "worker");
        assert.ok(worker);
        for (const name of ["modprobe", "sysctl"]) host().fake(name);
        const packages = host().at("/packages");
        host().fake("dpkg-query", `grep -qx "\${*: -1}" "${packages}" && echo "install ok installed"`);
        host().fake(
            "apt-get",
            `[[ $* != *" install "* ]] || for name in "\${@:7}"; do echo "$name" >>"${packages}"; done; sort -u -o "${packages}" "${packages}"`,
        );
        host().fake("apt-mark", `echo "$*" >"${host().at("/held")}"`);
        host().write("/packages", "curl\n");
        host().write("/etc/apt/apt.conf.d/20auto-upgrades", "");
        assertSameEndWhenKilled(host(), renderPrepare(worker, config));
        assert.match(host().read("/packages"), /conntrack/);
    }).timeout(KILL_TIMEOUT_MS);
});
