import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig, HostConfig, PoolConfig } from "../../model/clusterConfig";
import { type ClusterAccess, hostCommand } from "../command/hostCommand";
import { type HostScript, loadScript } from "../command/hostScript";
import { SETTINGS_DIRECTORY } from "../controlPlane/componentArgs";
import { renderJoinConfig } from "../controlPlane/kubeadmConfig";

export interface WorkerPoolArgs {
    readonly hosts: readonly HostConfig[];
    readonly pool: PoolConfig;
    readonly access: ClusterAccess;
    readonly config: ClusterConfig;
    /** A token and the CA's certificate; secret. */
    readonly joinSecret: pulumi.Output<string>;
    /** Names of the hosts that have still to join: only they need what `joinSecret` is now. */
    readonly joining: ReadonlySet<string>;
    readonly runtimes: ReadonlyMap<string, pulumi.Resource>;
    /** From when on hosts may join; a worker that waited by itself would only outlive a failed founding. */
    readonly formed: pulumi.Resource;
}

/** Workers that share labels and taints; they come and go in parallel. */
export class WorkerPool extends pulumi.ComponentResource {
    readonly joined: readonly remote.Command[];

    constructor(name: string, args: WorkerPoolArgs, options?: pulumi.ComponentResourceOptions) {
        super("quorate:index:WorkerPool", name, {}, options);
        this.joined = args.hosts.map((host) =>
            hostCommand(
                `${host.name}-joined`,
                {
                    host,
                    access: args.access,
                    script: renderWorkerJoin(args.config, host, args.pool),
                    secretInput: args.joinSecret,
                    hasRun: !args.joining.has(host.name),
                },
                {
                    parent: this,
                    dependsOn: [args.formed, args.runtimes.get(host.name)].filter((item) => item !== undefined),
                },
            ),
        );
        this.registerOutputs({});
    }
}

const SHARED = ["secrets.sh", "joining.sh"].map((name) => loadScript(`${__dirname}/../controlPlane`, name));

/** The step that joins a worker; it is told a short-lived token and the CA's certificate, no key. */
export function renderWorkerJoin(config: ClusterConfig, host: HostConfig, pool: PoolConfig): HostScript {
    return {
        step: "join",
        settings: { name: host.name, endpoint: `${config.endpoint.address}:${config.endpoint.port}` },
        files: [
            {
                path: `${SETTINGS_DIRECTORY}/join.yaml`,
                mode: "0600",
                content: renderJoinConfig(config, host, pool.taints),
            },
        ],
        body: [...SHARED, loadScript(__dirname, "join.sh")].join("\n"),
    };
}
