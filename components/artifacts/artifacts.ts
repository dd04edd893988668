import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";
import { type ClusterAccess, hostCommand } from "../command/hostCommand";
import { renderInstall } from "./installScript";

export interface ArtifactsArgs {
    readonly host: HostConfig;
    readonly access: ClusterAccess;
    readonly config: ClusterConfig;
}

/** The programs of one node, from release sites, a mirror or a bundle, each checked by sha256 before use. */
export class Artifacts extends pulumi.ComponentResource {
    constructor(name: string, args: ArtifactsArgs, options?: pulumi.ComponentResourceOptions) {
        super("quorate:index:Artifacts", name, {}, options);
        hostCommand(
            name,
            { host: args.host, access: args.access, script: renderInstall(args.config) },
            { parent: this },
        );
        this.registerOutputs({});
    }
}
