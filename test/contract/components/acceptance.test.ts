import assert from "node:assert/strict";
import { clusterInventory } from "../../../components/cluster/inventory";
import { parseInventory } from "../../../model/inventory";
import { readInput } from "../../../steps/remoteCommand";
import { configWith, hostInput } from "../../unit/model/sampleConfig";
import { FOUNDING, REMOTE, record, usual } from "./support/recordedCluster";
import { type Recorded, plain, settled } from "./support/recordedProgram";

const OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJXZvZ7BfWHI2z1nxm0o0ZjZyM0c1xT9zUrpXfyJ0abc";
const recorded = (foundingId?: string) => clusterInventory(configWith(), "sha256:0a", foundingId);

/** The text of a step as its host gets it. */
function script({ inputs }: Pick<Recorded, "inputs">): string {
    return readInput(plain<string>(inputs["stdin"]))?.script ?? "";
}

describe("the acceptance of hosts", () => {
    it("marks every host with the id that the cluster was given once", async () => {
        const { program, cluster } = await usual();
        const made = program.get("sample-founding");
        assert.deepEqual(made.options.ignoreChanges, ["create"]);
        for (const host of ["lb1", "cp2", "w3"]) {
            const text = script(program.get(`${host}-accept`));
            assert.match(text, new RegExp(`^founding=${FOUNDING}$`, "m"));
        }
        assert.equal(parseInventory(await settled(cluster.inventory)).foundingId, FOUNDING);
    });

    it("is not asked again of a machine that an up has recorded, whatever hosts come or go", async () => {
        const { program } = await record((input) => input.hosts.push(hostInput("worker", "w4", 34)), {
            recorded: recorded(FOUNDING),
        });
        const ignored = (name: string) => program.get(`${name}-accept`).options.ignoreChanges;
        assert.deepEqual(ignored("w1"), ["stdin"]);
        assert.equal(ignored("w4"), undefined);
    });

    it("is asked anew of a machine with another host key under a recorded name", async () => {
        const { program } = await record((input) => (input.hosts[5]!.hostKey = OTHER_KEY), {
            recorded: recorded(FOUNDING),
        });
        assert.equal(program.get("w1-accept").options.ignoreChanges, undefined);
        assert.deepEqual(program.get("w2-accept").options.ignoreChanges, ["stdin"]);
    });

    it("lets hosts of a cluster that an earlier version made prove themselves", async () => {
        const { program } = await record(undefined, { recorded: recorded() });
        const text = (name: string) => script(program.get(`${name}-accept`));
        assert.match(text("w1"), /^known_ca=sha256:0a$/m);
        assert.match(text("lb1"), /^known_servers=\(10\.89\.0\.21:6443 10\.89\.0\.22:6443 10\.89\.0\.23:6443\)$/m);
    });

    it("is what every other step looks for before it begins", async () => {
        const { program } = await usual();
        const steps = program.ofType(REMOTE).filter(({ name }) => !name.endsWith("-accept"));
        assert.ok(steps.length > 0);
        for (const step of steps) assert.match(script(step), /^begin [a-z-]+ sample (lb|cp|w)\d$/m, step.name);
    });
});
