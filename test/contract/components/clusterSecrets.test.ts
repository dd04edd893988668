import assert from "node:assert/strict";
import { readInput } from "../../../steps/remoteCommand";
import { IDENTITY, REMOTE, SECRETS, TOKEN, commands, settledCluster, usual } from "./support/recordedCluster";
import { type RecordedProgram, isSecret, plain, publicText } from "./support/recordedProgram";

describe("secrets of a cluster", () => {
    let program: RecordedProgram;
    before(async () => {
        ({ program } = await usual());
    });

    it("stand nowhere in the clear", () => {
        for (const { name, inputs } of program.resources.values()) {
            for (const secret of SECRETS) assert.ok(!publicText(inputs).includes(secret), `${name} shows ${secret}`);
        }
    });

    it("are the connections, and the standard input that holds them", () => {
        for (const { name, inputs } of program.ofType(REMOTE)) assert.ok(isSecret(inputs["connection"]), name);
        for (const { name, inputs } of commands(program)) {
            if (inputs["stdin"] === undefined) continue;
            const { stdin = "" } = readInput(plain<string>(inputs["stdin"])) ?? { stdin: "all of it" };
            assert.equal(isSecret(inputs["stdin"]), stdin !== "", name);
        }
    });

    it("are the outputs of the steps that print them, which are not logged either", () => {
        const secretive = program
            .ofType(REMOTE)
            .filter(({ options }) => options.additionalSecretOutputs?.includes("stdout"))
            .map(({ name }) => name);
        assert.deepEqual(secretive.sort(), [
            "sample-control-plane-initialise",
            "sample-control-plane-pki",
            "sample-join-token",
        ]);
        for (const { name, inputs } of program.ofType(REMOTE)) {
            assert.equal(inputs["logging"], secretive.includes(name) ? "none" : "stderr", name);
        }
    });

    it("reach control planes whole, and workers without keys", () => {
        const stdin = (name: string) => readInput(plain(program.get(name).inputs["stdin"]))?.stdin ?? "";
        assert.ok(stdin("cp2-identity").includes(IDENTITY));
        assert.equal(stdin("w1-joined"), `token ${TOKEN}\nauthority Y2E=\n`);
    });

    it("reach hosts in steps that do nothing else, so that all others can be read", () => {
        const given = program.ofType(REMOTE).filter(({ inputs }) => isSecret(inputs["stdin"]));
        assert.deepEqual(
            given.map(({ name }) => name).sort(),
            ["cp1-identity", "cp2-identity", "cp3-identity", "w1-joined", "w2-joined", "w3-joined"].sort(),
        );
    });

    it("that are fresh start no step again of a host that has joined", async () => {
        const { program: settled } = await settledCluster();
        for (const { name, inputs, options } of settled.ofType(REMOTE)) {
            if (isSecret(inputs["stdin"])) assert.deepEqual(options.ignoreChanges, ["stdin"], name);
        }
    });
});
