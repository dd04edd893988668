import assert from "node:assert/strict";
import { program } from "../../maintenance/cli/main";
import { rowsBetween } from "./readmeText";

/** Options that the section on `quorate status` explains for every command about a cluster. */
const COMMON = ["--stack", "--outputs", "--cwd", "--identity", "--kubeconfig", "--json"];

describe("README on quorate probe", () => {
    const rows = rowsBetween("## quorate probe", "## Configuration").map(({ key, byDefault }) => ({
        option: key.split(" ")[0] ?? "",
        byDefault: byDefault.replaceAll("`", ""),
    }));
    const io = { environment: {}, stdout: process.stdout, stderr: process.stderr };
    const command = program({ ...io, readStdin: () => Promise.resolve(""), exit: () => undefined }).commands.find(
        (candidate) => candidate.name() === "probe",
    );
    const options = (command?.options ?? []).filter(({ long }) => !COMMON.includes(long ?? ""));

    it("documents every option of its own, none twice and none that is not there", () => {
        assert.deepEqual(rows.map(({ option }) => option).sort(), options.map(({ long }) => long).sort());
    });

    it("states their defaults", () => {
        const inWords = ["none", "until stopped", "random", ""];
        const wrong = rows.filter(({ option, byDefault }) => {
            const known = options.find(({ long }) => long === option);
            const value: unknown = known?.defaultValueDescription ?? known?.defaultValue;
            if (known?.negate || value === undefined) return !inWords.includes(byDefault);
            return byDefault !== String(value);
        });
        assert.deepEqual(wrong, []);
    });
});
