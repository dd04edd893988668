import assert from "node:assert/strict";
import { type MachineFacts, hasCapability, machineFindings } from "../../../lab/machine";

const gibibyte = 1024 ** 3;
const good: MachineFacts = {
    platform: "linux",
    root: true,
    cgroupVersion: 2,
    systemd: true,
    apt: true,
    processors: 4,
    memoryBytes: 16 * gibibyte,
    freeBytes: { cache: 50 * gibibyte, state: 50 * gibibyte },
    stateOnOverlay: false,
    cacheFilled: false,
    sysResource: true,
    kernel: { overlay: true, bridge: true, veth: true, nf_tables: true },
};

const refusals = (facts: Partial<MachineFacts>): string[] =>
    machineFindings({ ...good, ...facts })
        .filter(({ kind }) => kind === "refused")
        .map(({ text }) => text);

describe("lab machine", () => {
    it("takes a machine that has everything", () => {
        assert.deepEqual(refusals({}), []);
    });

    it("ends with a usage error where it can never run", () => {
        for (const facts of [{ platform: "darwin" }, { root: false }]) {
            const [first] = machineFindings({ ...good, ...facts });
            assert.equal(first?.exitStatus, 2);
            assert.equal(first?.kind, "refused");
        }
    });

    const lacking: [string, Partial<MachineFacts>, RegExp][] = [
        [
            "disk for a first run",
            { freeBytes: { cache: 11 * gibibyte, state: 50 * gibibyte } },
            /11\.0 GiB.*18\.0 GiB.*QUORATE_CACHE/,
        ],
        ["memory", { memoryBytes: 4 * gibibyte }, /memory: 4\.0 GiB; expected at least 6\.0 GiB/],
        ["a kernel feature", { kernel: { ...good.kernel, veth: false } }, /veth is missing.*modprobe veth/],
        ["a real disk under its state", { stateOnOverlay: true }, /QUORATE_LAB_STATE/],
    ];
    for (const [what, facts, expected] of lacking) {
        it(`says what to do when the machine lacks ${what}`, () => {
            const texts = refusals(facts);
            assert.equal(texts.length, 1);
            assert.match(texts[0]!, expected);
        });
    }

    it("names everything that is missing at once", () => {
        assert.equal(refusals({ memoryBytes: 0, freeBytes: { cache: 0, state: 0 }, stateOnOverlay: true }).length, 3);
    });

    it("needs less disk once the cache is filled", () => {
        assert.deepEqual(refusals({ cacheFilled: true, freeBytes: { cache: 4 * gibibyte, state: 4 * gibibyte } }), []);
    });

    it("does not refuse for a kernel feature that it cannot tell", () => {
        assert.deepEqual(refusals({ kernel: { ...good.kernel, nf_tables: undefined } }), []);
    });

    it("says which way it goes where there are two", () => {
        const texts = machineFindings({ ...good, cgroupVersion: 1, sysResource: false }).map(({ text }) => text);
        assert.ok(texts.some((text) => /cgroup version 1 mode/.test(text)));
        assert.ok(texts.some((text) => /oom_score_adj/.test(text)));
    });

    it("reads single capabilities out of the effective set", () => {
        const status = "Name:\tnode\nCapPrm:\t000001ffffffffff\nCapEff:\t000001fffeffffff\n";
        assert.equal(hasCapability(status, 24n), false);
        assert.equal(hasCapability(status, 21n), true);
    });
});
