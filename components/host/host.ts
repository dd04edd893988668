import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";
import { type ClusterAccess, hostCommand } from "../command/hostCommand";
import { renderPrepare } from "./prepareScript";

/** About four minutes of a host that is still booting (TRAPS 61). */
const FIRST_DIAL_ATTEMPTS = 60;

export interface HostArgs {
    readonly host: HostConfig;
    readonly access: ClusterAccess;
    readonly config: Pick<ClusterConfig, "kubelet" | "network" | "endpoint" | "proxy">;
}

/** A machine with SSH, checked and prepared for its role: the ground for every other step on it. */
export class Host extends pulumi.ComponentResource {
    readonly prepared: remote.Command;

    constructor(name: string, args: HostArgs, options?: pulumi.ComponentResourceOptions) {
        super("quorate:index:Host", name, {}, options);
        this.prepared = hostCommand(
            `${name}-prepare`,
            {
                host: args.host,
                access: args.access,
                script: renderPrepare(args.host, args.config),
                dialAttempts: FIRST_DIAL_ATTEMPTS,
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}
