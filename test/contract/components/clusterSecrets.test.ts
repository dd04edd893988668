import assert from "node:assert/strict";
import { readInput } from "../../../steps/remoteCommand";
import { IDENTITY, REMOTE, SECRETS, TOKEN, commands, usual } from "./support/recordedCluster";
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
        assert.deepEqual(secretive.sort(), ["sample-control-plane-initialise", "sample-control-plane-pki"]);
        for (const { name, inputs } of program.ofType(REMOTE)) {
            assert.equal(inputs["logging"], secretive.includes(name) ? "none" : "stderr", name);
        }
    });

    it("reach control planes whole, and workers without keys", () => {
        const stdin = (name: string) => readInput(plain(program.get(name).inputs["stdin"]))?.stdin ?? "";
        assert.ok(stdin("cp2-found").includes(IDENTITY));
        assert.ok(stdin("cp3-member").includes(IDENTITY));
        assert.equal(stdin("w1-join"), `token ${TOKEN}\nauthority Y2E=\n`);
    });

    it("that are fresh at every run start no step again", () => {
        for (const { name, inputs, options } of program.ofType(REMOTE)) {
            const ignored = isSecret(inputs["stdin"]) ? ["create", "stdin"] : [];
            assert.deepEqual(options.ignoreChanges ?? [], ignored, name);
        }
        assert.deepEqual(
            program
                .ofType(REMOTE)
                .filter(({ inputs }) => isSecret(inputs["stdin"]))
                .map(({ name }) => name)
                .sort(),
            [
                ...["cp1", "cp2", "cp3"].flatMap((name) => [`${name}-found`, `${name}-member`]),
                "sample-control-plane-initialise",
                ...["w1-join", "w2-join", "w3-join"],
            ].sort(),
        );
    });
});
