import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";
import type { ClusterInventory } from "../../model/inventory";
import { type ClusterAccess, hostCommand } from "../command/hostCommand";
import { recordedHost, renderAccept } from "./acceptScript";
import { isRecordedMachine } from "./machines";
import { renderPrepare } from "./prepareScript";

/** About four minutes of a host that is still booting (TRAPS 61). */
const FIRST_DIAL_ATTEMPTS = 60;

export interface HostArgs {
    readonly host: HostConfig;
    readonly access: ClusterAccess;
    readonly config: ClusterConfig;
    /** The cluster's own id. */
    readonly founding: pulumi.Output<string>;
    /** What the last `up` that finished recorded; undefined for a new cluster. */
    readonly recorded: ClusterInventory | undefined;
}

/** A machine with SSH, accepted as the cluster's and prepared for its role: the ground for every other step on it. */
export class Host extends pulumi.ComponentResource {
    /** The host carries the cluster's mark; whatever is done on it, or undone, waits for this. */
    readonly accepted: remote.Command;
    readonly prepared: remote.Command;

    constructor(name: string, args: HostArgs, options?: pulumi.ComponentResourceOptions) {
        super("quorate:index:Host", name, {}, options);
        this.accepted = this.accept(name, args);
        this.prepared = hostCommand(
            `${name}-prepare`,
            {
                host: args.host,
                access: args.access,
                script: renderPrepare(args.host, args.config),
            },
            { parent: this, dependsOn: this.accepted },
        );
        this.registerOutputs({});
    }

    /**
     * Names of other hosts stand in this script, so it changes with every host that comes or goes. A machine that an `up` has
     * recorded is not asked again for that, also when it is off meanwhile; when only its connection changes, the old text
     * finds the mark and ends. A machine with another host key under the same name is asked everything, with today's text.
     */
    private accept(name: string, { host, access, config, founding, recorded }: HostArgs): remote.Command {
        return hostCommand(
            `${name}-accept`,
            {
                host,
                access,
                script: founding.apply((id) =>
                    renderAccept(host, config, { founding: id, recorded: recordedHost(recorded, host) }),
                ),
                dialAttempts: FIRST_DIAL_ATTEMPTS,
                hasRun: isRecordedMachine(recorded, host),
            },
            { parent: this },
        );
    }
}
