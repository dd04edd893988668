import { Duration } from "../../model/duration";
import type { ClusterInventory, InventoryHost } from "../../model/inventory";
import type { Clock } from "../workflow/clock";
import { errorLine } from "../workflow/errorLine";
import { RefusedError } from "../workflow/refusedError";
import { DeadlineError, until } from "../workflow/until";
import {
    endConnectionsScript,
    keepServingScript,
    passOnScript,
    preferenceScript,
    stopPassingOnScript,
    stopServingScript,
    successorScript,
    type MovingAddress,
    type Preference,
} from "./addressMove";
import { interfacesWith } from "./addressOutput";
import { runDetached } from "./detachedStep";
import { inventoryHost } from "./inventoryHost";
import { execOk, type Remote } from "./remote";

const SHORT = Duration.seconds(10);
/** keepalived moves it after three missed advertisements, which are a second apart at most by default. */
const MOVE_DEADLINE = Duration.seconds(20);
const POLL = Duration.milliseconds(200);
/** For answers that are under way and downloads that are nearly done. */
const LAST_REQUESTS_SECONDS = 30;
/** For API connections to have a moment without a request under way. */
const API_SECONDS = 15;
/** A restart of HAProxy on a busy host. */
const RESTART_MARGIN_SECONDS = 30;
const END_DEADLINE = Duration.seconds(API_SECONDS + LAST_REQUESTS_SECONDS + RESTART_MARGIN_SECONDS);

/** For a move and what comes before and after: who has the address, and the end of the old owner's connections. */
export const HAND_OVER_DEADLINE = MOVE_DEADLINE.times(2).plus(END_DEADLINE);

/** Who is told of a move. */
export interface MoveWatch {
    /** What makes it less than seamless. */
    warn(line: string): void;
    /** What is seen while something is waited for. */
    report(line: string): void;
}

/** The steps of a move between two balancers. */
export class AddressMover {
    private readonly balancers: readonly InventoryHost[];
    private readonly moving: MovingAddress;

    constructor(
        private readonly remote: Remote,
        inventory: ClusterInventory,
        private readonly clock: Clock,
        private readonly watch: MoveWatch,
    ) {
        this.balancers = inventory.loadBalancers.map(({ host }) => inventoryHost(inventory, host));
        this.moving = {
            address: inventory.endpoint.address,
            apiPort: inventory.endpoint.port,
            adminSocket: inventory.loadBalancers[0]?.adminSocket ?? "",
            ingressPorts: ingressPorts(inventory),
        };
    }

    /** @throws when no balancer answers */
    async owner(): Promise<string | undefined> {
        const asked = await Promise.allSettled(
            this.balancers.map(async (host) => {
                const text = await this.addresses(host.name);
                return interfacesWith(this.moving.address, text).some((name) => name !== "lo") ? host.name : undefined;
            }),
        );
        const answers = asked.filter((answer) => answer.status === "fulfilled");
        const failures = asked.filter((answer) => answer.status === "rejected").map(({ reason }) => errorLine(reason));
        const owners = answers.flatMap(({ value }) => value ?? []);
        if (owners.length === 0 && failures.length > 0)
            throw new Error(`who has ${this.moving.address} is not known: ${failures.join("; ")}`);
        return owners.length === 1 ? owners[0] : undefined;
    }

    /** The owner, waited for while the address is between two. */
    settledOwner(): Promise<string> {
        return this.awaitOwner("one load balancer", (owner) => owner !== undefined);
    }

    /** Another balancer that can take the address. @throws RefusedError when there is none; nothing has been changed then */
    async successor(from: string): Promise<string> {
        const reasons: string[] = [];
        for (const { name } of this.balancers.filter((host) => host.name !== from)) {
            try {
                await this.run(name, successorScript(), "asking whether it can take the virtual address");
                return name;
            } catch (error) {
                reasons.push(errorLine(error));
            }
        }
        throw new RefusedError(
            `hand-over of ${this.moving.address} from ${from}`,
            reasons.length > 0 ? reasons : ["there is no other load balancer"],
            "bring another load balancer into service, then run again",
        );
    }

    /** Moves the address and lets the connections of the old owner end. */
    async move(from: string, to: string): Promise<void> {
        await this.prepare(from, to);
        await Promise.all([this.prefer(from, -1), this.prefer(to, 1)]);
        try {
            await this.awaitOwner(to, (owner) => owner === to);
        } catch (error) {
            await Promise.all([this.prefer(from, 0), this.prefer(to, 0)]);
            await this.endPreparation(from, to);
            throw error;
        }
        await this.finish(from, to);
    }

    /** Ends what a move has left on the balancer that no longer has the address; nothing is left when it never had it. */
    async finish(host: string, owner: string): Promise<void> {
        if (host !== owner && (await this.isStillServing(host))) {
            const left = await runDetached(
                this.remote,
                this.host(host),
                {
                    unit: "quorate-end-connections",
                    script: endConnectionsScript(this.moving, API_SECONDS, LAST_REQUESTS_SECONDS),
                    what: "letting its connections end",
                    deadline: END_DEADLINE,
                },
                { clock: this.clock, report: (line) => this.watch.report(line) },
            );
            if (left.trim() !== "0")
                this.watch.warn(
                    `${host}: ${left.trim()} connections were cut, still open after ${LAST_REQUESTS_SECONDS} s`,
                );
        }
        await this.endPreparation(host, owner);
        if (host !== owner) await this.prefer(owner, 0);
    }

    async prefer(host: string, preference: Preference): Promise<void> {
        await this.run(host, preferenceScript(preference), "telling keepalived its preference");
    }

    /** Where a host cannot do it, the address moves all the same, and connections of before are reset. */
    private async prepare(from: string, to: string): Promise<void> {
        const [old, next] = [this.host(from), this.host(to)];
        try {
            await this.run(
                to,
                passOnScript(this.moving, next.address, old.address),
                "preparing to pass connections on",
            );
            await this.run(from, keepServingScript(this.moving, old.address), "preparing to keep serving");
        } catch (error) {
            this.watch.warn(`connections to ${this.moving.address} will be reset when it moves: ${errorLine(error)}`);
            await this.endPreparation(from, to);
        }
    }

    private async endPreparation(old: string, owner: string): Promise<void> {
        await this.run(owner, stopPassingOnScript(), "ending to pass connections on");
        await this.run(old, stopServingScript(this.moving, this.host(old).address), "letting go of the address");
    }

    private async isStillServing(host: string): Promise<boolean> {
        return interfacesWith(this.moving.address, await this.addresses(host)).includes("lo");
    }

    private addresses(host: string): Promise<string> {
        return this.run(host, `ip -j -4 addr show to ${this.moving.address}`, "asking for addresses");
    }

    private async awaitOwner(whom: string, satisfied: (owner: string | undefined) => boolean): Promise<string> {
        const owner = await until({
            what: `${whom} to have ${this.moving.address}`,
            deadline: MOVE_DEADLINE,
            interval: POLL,
            clock: this.clock,
            observe: () => this.owner(),
            satisfied,
            describe: (seen) => (seen === undefined ? "nobody has it, or several have" : `${seen} has it`),
            report: (line) => this.watch.report(line),
        });
        if (owner === undefined) throw new DeadlineError(whom, "nobody has it", MOVE_DEADLINE);
        return owner;
    }

    private host(name: string): InventoryHost {
        const found = this.balancers.find((host) => host.name === name);
        if (found === undefined) throw new Error(`${name} is no load balancer`);
        return found;
    }

    private run(host: string, script: string, what: string): Promise<string> {
        return execOk(this.remote, this.host(host), script, { timeout: SHORT, what });
    }
}

function ingressPorts({ loadBalancers }: ClusterInventory): number[] {
    const ports = loadBalancers.flatMap(({ frontends, backends }) =>
        frontends
            .filter(({ backend }) => backends.some(({ name, purpose }) => name === backend && purpose === "ingress"))
            .map(({ port }) => port),
    );
    return [...new Set(ports)];
}
