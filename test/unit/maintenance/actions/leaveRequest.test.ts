import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseLeaveRequest } from "../../../../maintenance/actions/leaveRequest";
import { ConfigError } from "../../../../model/configError";

const sample = (name: string) => readFileSync(join(__dirname, "../../../fakes", name), "utf8");

function problemsOf(text: string): string[] {
    try {
        parseLeaveRequest(text);
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems.map(({ path }) => path);
    }
    return [];
}

describe("the request of a leave", () => {
    it("names the host, the control planes and the way there", () => {
        const request = parseLeaveRequest(sample("leaveRequest.json"));
        assert.equal(request.purpose, "leave");
        assert.equal(request.purpose === "leave" && request.host.name, "w3");
        assert.equal(request.purpose === "leave" && request.gone, false);
        assert.equal(request.proxy?.user, "jump");
    });

    it("names all hosts when the whole cluster goes", () => {
        const request = parseLeaveRequest(sample("destroyRequest.json"));
        assert.deepEqual(request.purpose === "destroy" && request.hosts.map(({ name }) => name), ["lb1", "w3"]);
        assert.equal(request.privateKey, undefined);
    });

    it("is refused with every problem at once", () => {
        const broken = JSON.stringify({
            purpose: "leave",
            host: { name: "W3; reboot", address: "x", role: "king", ssh: {} },
        });
        assert.deepEqual(problemsOf(broken), [
            "host.name",
            "host.address",
            "host.role",
            "host.ssh.user",
            "host.ssh.port",
            "host.ssh.hostKey",
            "controlPlanes",
        ]);
        assert.deepEqual(problemsOf(`{"purpose":"retire"}`), ["purpose"]);
        assert.deepEqual(problemsOf(""), ["(whole)"]);
    });

    it("is never shown in the refusal, because it holds a private key", () => {
        const text = sample("leaveRequest.json").replace('"leave"', '"leaves"');
        assert.throws(
            () => parseLeaveRequest(text),
            (error: Error) => !error.message.includes("PRIVATE KEY"),
        );
        assert.throws(
            () => parseLeaveRequest(`${text}}`),
            (error: Error) => !error.message.includes("PRIVATE KEY"),
        );
    });
});
