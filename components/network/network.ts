import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";
import { type ClusterAccess, hostCommand } from "../command/hostCommand";
import { type HostScript, loadScript } from "../command/hostScript";
import { SETTINGS_DIRECTORY } from "../controlPlane/componentArgs";
import { corednsObjects } from "./coredns";
import { flannelObjects } from "./flannel";

export interface NetworkArgs {
    readonly host: HostConfig;
    readonly access: ClusterAccess;
    readonly config: ClusterConfig;
}

/** The pod network (unless the user brings one) and cluster DNS. */
export class Network extends pulumi.ComponentResource {
    readonly applied: remote.Command;

    constructor(name: string, args: NetworkArgs, options?: pulumi.ComponentResourceOptions) {
        super("quorate:index:Network", name, {}, options);
        this.applied = hostCommand(
            `${name}-addons`,
            { host: args.host, access: args.access, script: renderAddons(args.config) },
            { parent: this },
        );
        this.registerOutputs({});
    }
}

/** The step that applies flannel and CoreDNS through the API. */
export function renderAddons(config: ClusterConfig): HostScript {
    const manifest = `${SETTINGS_DIRECTORY}/addons.yaml`;
    const objects = [...(config.network.mode === "none" ? [] : flannelObjects(config)), ...corednsObjects(config)];
    const content = objects
        .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
        .join("---\n");
    return {
        step: "addons",
        settings: { manifest },
        files: [{ path: manifest, mode: "0600", content }],
        body: loadScript(__dirname, "addons.sh"),
    };
}
