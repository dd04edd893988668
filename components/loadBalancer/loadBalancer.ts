import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterConfig, type HostConfig, hostsWithRole } from "../../model/clusterConfig";
import { type ClusterAccess, hostCommand } from "../command/hostCommand";
import { type HostScript, loadScript } from "../command/hostScript";
import { balancerRules, packetFilterBody, packetFilterFiles } from "../packetFilter/packetFilter";
import { STATUS_PORT, renderHaproxyConfig } from "./haproxyConfig";
import { renderKeepalivedConfig } from "./keepalivedConfig";

export interface LoadBalancerArgs {
    readonly host: HostConfig;
    readonly access: ClusterAccess;
    readonly config: ClusterConfig;
}

/** HAProxy with keepalived on one host. Balancers must depend on each other in turn, so that one is changed at a time. */
export class LoadBalancer extends pulumi.ComponentResource {
    readonly ready: remote.Command;

    constructor(name: string, args: LoadBalancerArgs, options?: pulumi.ComponentResourceOptions) {
        super("quorate:index:LoadBalancer", name, {}, options);
        this.ready = hostCommand(
            name,
            { host: args.host, access: args.access, script: renderLoadBalancer(args.host, args.config) },
            { parent: this },
        );
        this.registerOutputs({});
    }
}

/** The step that brings both configurations, checks them and puts them into service without cutting a connection. */
export function renderLoadBalancer(host: HostConfig, config: ClusterConfig): HostScript {
    const loadBalancers = hostsWithRole(config, "load-balancer");
    const keepalived = renderKeepalivedConfig({
        self: host,
        loadBalancers,
        endpoint: config.endpoint,
    });
    return {
        step: "load-balancer",
        settings: { address: host.address, vip: config.endpoint.address, status_port: STATUS_PORT },
        files: [
            { path: "/etc/haproxy/quorate/haproxy.cfg", mode: "0644", content: renderHaproxyConfig(config) },
            { path: "/etc/haproxy/quorate/keepalived.conf", mode: "0640", content: keepalived },
            ...packetFilterFiles(balancerRules(loadBalancers.filter(({ name }) => name !== host.name))),
        ],
        body: packetFilterBody() + loadScript(__dirname, "loadBalancer.sh"),
    };
}
