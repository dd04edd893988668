import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { FOUNDING, LOCAL, record, usual } from "./support/recordedCluster";
import { type RecordedProgram, plain, settled } from "./support/recordedProgram";

describe("what happens when hosts leave", () => {
    const departure = (program: RecordedProgram, host: string) => program.get(`${host}-departure`);

    /** All that a departure waits for; deletions run the other way round. */
    const waitsFor = (program: RecordedProgram, name: string): readonly string[] => {
        const direct = program.get(name).dependsOn;
        return [...direct, ...direct.flatMap((other) => waitsFor(program, other))];
    };
    const chained = (program: RecordedProgram, names: readonly string[]) => {
        for (const [index, name] of names.slice(1).entries()) {
            assert.ok(
                waitsFor(program, `${name}-departure`).includes(`${names[index]}-departure`),
                `${name} may leave together with ${names[index]}`,
            );
        }
    };

    it("is one request for each host, run here and only then", async () => {
        const { program } = await usual();
        for (const host of ["lb1", "cp1", "w3"]) {
            const { type, inputs } = departure(program, host);
            assert.equal(type, LOCAL);
            assert.match(String(inputs["delete"]), /^node dist\/maintenance\/cli\/main\.js leave$/);
            assert.equal(inputs["create"], undefined);
            const request = JSON.parse(plain<string>(inputs["stdin"])) as Record<string, unknown>;
            assert.equal(request["purpose"], "leave");
            assert.equal((request["host"] as { name: string }).name, host);
            assert.equal((request["controlPlanes"] as object[]).length, 3);
        }
    });

    it("is one control plane after the other", async () => {
        const { program } = await usual();
        chained(program, ["cp1", "cp2", "cp3"]);
    });

    it("is one control plane after the other, wherever other hosts stand between them", async () => {
        const { program } = await record((input) => {
            const [lb1, lb2, cp1, cp2, cp3, w1, w2, w3] = input.hosts;
            assert.ok(lb1 && lb2 && cp1 && cp2 && cp3 && w1 && w2 && w3);
            input.hosts = [cp1, w1, cp2, lb1, w2, cp3, lb2, w3];
        });
        chained(program, ["cp1", "cp2", "cp3"]);
    });

    it("is one control plane after the other when one between them stays", async () => {
        const { program } = await usual();
        assert.ok(departure(program, "cp3").dependsOn.includes("cp1-departure"));
    });

    it("is in parallel for workers", async () => {
        const { program } = await usual();
        for (const host of ["w1", "w2", "w3"]) assert.deepEqual(departure(program, host).dependsOn, [`${host}-accept`]);
    });

    it("waits for the acceptance of its host, so a host that was refused never leaves", async () => {
        const { program } = await usual();
        for (const host of ["lb1", "lb2", "cp1", "cp2", "cp3", "w1", "w2", "w3"]) {
            assert.ok(departure(program, host).dependsOn.includes(`${host}-accept`), host);
            assert.ok(program.inTurn(`${host}-accept`, `${host}-departure`), host);
        }
    });

    it("of the whole cluster waits for no host, so that it is there when one is refused", async () => {
        const { program } = await usual();
        assert.deepEqual(program.get("sample-departure").dependsOn, []);
        assert.ok(!program.inTurn("w1-accept", "sample-departure"));
    });

    it("names the cluster that its hosts are marked with", async () => {
        const { program } = await usual();
        for (const name of ["lb1-departure", "w3-departure", "sample-departure"]) {
            const request = JSON.parse(plain<string>(program.get(name).inputs["stdin"])) as { cluster: object };
            assert.deepEqual(request.cluster, { name: "sample", foundingId: FOUNDING });
        }
    });

    it("is one request for all when the whole cluster goes, in place of the others", async () => {
        const { program } = await usual();
        const whole = program.get("sample-departure");
        const request = JSON.parse(plain<string>(whole.inputs["stdin"])) as { purpose: string; hosts: object[] };
        assert.equal(request.purpose, "destroy");
        assert.equal(request.hosts.length, 8);
        for (const host of ["lb1", "cp2", "w3"]) {
            const { deletedWith } = departure(program, host).options;
            assert.ok(deletedWith, host);
            assert.match(await settled((deletedWith as pulumi.Resource).urn), /::sample-departure$/);
        }
    });

    it("is refused for the identity and the whole cluster until protect is false", async () => {
        const protectedBy = async (protect: boolean) => {
            const { program } = await record((input) => (input.protect = protect));
            return [...program.resources.values()].filter(({ options }) => options.protect).map(({ name }) => name);
        };
        assert.deepEqual((await protectedBy(true)).sort(), ["sample-control-plane-pki", "sample-departure"]);
        assert.deepEqual(await protectedBy(false), []);
    });
});
