import assert from "node:assert/strict";
import type { ClusterLab } from "../clusterLab";
import { healthy } from "../cluster/healthy";
import { addHosts, removeHosts } from "../cluster/inventory";
import { type Fingerprint, assertSame, fingerprint } from "../fingerprint";
import { applied, startHosts } from "../preparedCluster";
import { FOREIGN, makeForeign } from "./foreignHosts";

const NAMES = FOREIGN.map(({ name }) => name);

/** Hosts of somebody else that are offered to a cluster, and what they held and ran before. */
export class Offer {
    private before = new Map<string, Fingerprint>();

    constructor(private readonly lab: ClusterLab) {}

    /** Starts them and makes them what they are. */
    async prepare(): Promise<void> {
        await startHosts(this.lab, Object.fromEntries(NAMES.map((name) => [name, "deploy,bastioned,dash"])));
        await makeForeign(this.lab);
        for (const name of NAMES) this.before.set(name, await fingerprint(this.lab, name));
    }

    /** `pulumi up` with them: refused, each by name and with everything that speaks against it, and nothing is touched. */
    async refused(): Promise<void> {
        addHosts(this.lab, NAMES);
        const { status, stdout, stderr } = await this.lab.pulumi("up", "--yes", "--skip-preview");
        const said = stdout + stderr;
        assert.notEqual(status, 0, said);
        for (const { name, objections } of FOREIGN) {
            const told = refusalOf(name, said);
            for (const objection of objections) assert.match(told, objection, `${name} in:\n${said}`);
        }
        await this.untouched();
    }

    /** `pulumi up` without them again. */
    async takenBack(): Promise<void> {
        removeHosts(this.lab, NAMES);
        await applied(this.lab);
        await this.untouched();
        await healthy(this.lab);
    }

    async untouched(): Promise<void> {
        for (const [name, before] of this.before) await assertSame(this.lab, name, before);
    }
}

/** What a host's refusal says, line by line among what other steps say; nothing when it was not refused. */
function refusalOf(name: string, said: string): string {
    const lines = said.split("\n").filter((line) => line.includes(`${name}-accept`));
    return lines.some((line) => line.includes(`${name} (${name}): not taken`)) ? lines.join("\n") : "";
}
