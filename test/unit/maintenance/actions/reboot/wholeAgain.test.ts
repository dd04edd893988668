import assert from "node:assert/strict";
import type { TurnContext } from "../../../../../maintenance/actions/reboot/rebootTurn";
import { wholeAgain } from "../../../../../maintenance/actions/reboot/wholeAgain";
import { StopRequest } from "../../../../../maintenance/workflow/stopRequest";
import { sampleInventory } from "../../../../fakes/sampleCluster";
import { random } from "./simulation/random";
import { simPorts } from "./simulation/simPorts";
import { RUN_ID } from "./simulation/simSession";
import { quietWorld } from "./simulation/world";

describe("the end of a run of reboots", () => {
    /** A cluster whose node w2 is not Ready at the first looks. */
    function context(unreadyLooks: number, change: Partial<TurnContext> = {}) {
        const world = quietWorld(sampleInventory());
        const ports = simPorts(world, random(1), () => undefined);
        const list = ports.nodes.list;
        const looks = { left: unreadyLooks };
        ports.nodes.list = async () => {
            const ready = looks.left-- <= 0;
            return (await list()).map((node) => (node.name === "w2" ? { ...node, ready } : node));
        };
        const inventory = world.inventory;
        const lines: string[] = [];
        const reporter = { line: (text: string) => void lines.push(text) };
        const run = { inventory, ports, runId: RUN_ID, stop: new StopRequest(), reporter, ...change };
        return { world, looks, lines, context: run as unknown as TurnContext };
    }

    it("waits until the cluster is well", async () => {
        const { context: run, looks, lines } = context(3);
        assert.equal(await wholeAgain(run, ["w1"]), "");
        assert.match(lines.join(), /^after the last host: node w2 is not Ready/);
        assert.equal(looks.left, -1);
    });

    it("says what stays wrong, and fails nothing", async () => {
        const { context: run } = context(Infinity);
        assert.match(await wholeAgain(run, ["w1"]), /node w2 is not Ready/);
    });

    it("does not mind a node that a person had cordoned before", async () => {
        const { context: run, world } = context(0);
        world.hosts.get("w3")!.cordonedBy = "human";
        assert.equal(await wholeAgain(run, ["w1"]), "");
    });

    it("is well after a load balancer when it stays so for as long as a second owner of the address would need", async () => {
        const { context: run } = context(0);
        const { clock, virtualAddress } = run.ports;
        const begin = clock.monotonic();
        const owners = ["lb1", "lb1", undefined, "lb1"];
        virtualAddress.owner = () => Promise.resolve(owners.length > 1 ? owners.shift() : owners[0]);
        assert.equal(await wholeAgain(run, ["w1", "lb2"]), "");
        const passed = clock.monotonic() - begin;
        assert.ok(passed >= 3 * 500 + 3000 && passed < 6000, String(passed));
        virtualAddress.owner = () => Promise.resolve(undefined);
        assert.match(await wholeAgain(run, ["lb2"]), /nobody has the virtual address .*, or several/);
    });

    it("is not waited for when somebody wants to stop", async () => {
        const stop = new StopRequest();
        stop.ask("SIGINT");
        const { context: run, looks } = context(5, { stop });
        assert.match(await wholeAgain(run, ["w1"]), /node w2 is not Ready/);
        assert.equal(looks.left, 4);
    });
});
