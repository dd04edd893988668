import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterConfig, type HostConfig, hostsWithRole } from "../../model/clusterConfig";
import { type ClusterAccess, answer, hostCommand } from "../command/hostCommand";
import { renderFinalize, renderFound, renderInitialise, renderMember, renderPki } from "./controlPlaneScripts";

export interface ControlPlaneArgs {
    readonly access: ClusterAccess;
    readonly config: ClusterConfig;
    /** The control plane that keeps the cluster's identity: a member since before this run, or the first of a new cluster. */
    readonly first: HostConfig;
    /** Container runtime of each control plane, by host name. */
    readonly runtimes: ReadonlyMap<string, pulumi.Resource>;
    readonly loadBalancers: readonly pulumi.Resource[];
}

/**
 * API servers, controller managers, schedulers and stacked etcd on all control planes.
 *
 * Founding members start at the same time, from shared CAs and a static member list; the result is an ordinary kubeadm
 * cluster. Control planes added later join one after the other as learners, through the same resources.
 */
export class ControlPlane extends pulumi.ComponentResource {
    /** What workers need to join, a token and the CA's certificate; secret. */
    readonly workerSecret: pulumi.Output<string>;
    /** `sha256:...` of the CA's public key. */
    readonly caHash: pulumi.Output<string>;
    /** The administrator's kubeconfig; secret. */
    readonly kubeconfig: pulumi.Output<string>;
    /** The API answers through the endpoint and hosts may join. */
    readonly formed: remote.Command;
    /** Every control plane is a member and finished. */
    readonly members: readonly remote.Command[];

    constructor(name: string, args: ControlPlaneArgs, options?: pulumi.ComponentResourceOptions) {
        super("quorate:index:ControlPlane", name, {}, options);
        const { config, access, first } = args;
        const hosts = hostsWithRole(config, "control-plane");
        const joining = config.hosts.filter((host) => host.role !== "load-balancer").map((host) => host.name);
        const runtimeOf = (host: HostConfig) =>
            [args.runtimes.get(host.name)].filter((runtime) => runtime !== undefined);
        const pki = hostCommand(
            `${name}-pki`,
            { host: first, access, script: renderPki(config, first, joining), secretOutput: true },
            { parent: this, dependsOn: runtimeOf(first), protect: config.protect },
        );
        const identity = pulumi.secret(answer(pki));
        this.workerSecret = identity.apply((text) => onlyFields(text, ["token", "authority"]));
        this.caHash = pulumi.unsecret(answer(pki).apply((text) => field(text, "ca-hash")));
        const secret = { secretInput: identity, ignoreSecretChanges: true };

        const founded = hosts.map((host) =>
            hostCommand(
                `${host.name}-found`,
                { host, access, script: renderFound(config, host), ...secret },
                { parent: this, dependsOn: [pki, ...runtimeOf(host)] },
            ),
        );
        const joined = this.joinInTurn(hosts, founded, args, secret);
        this.formed = hostCommand(
            `${name}-initialise`,
            { host: first, access, script: renderInitialise(config, first), ...secret, secretOutput: true },
            {
                parent: this,
                // After the first host's own turn, because both work on that host and this one waits there for the API.
                dependsOn: [...founded, ...joined.slice(hosts.indexOf(first)).slice(0, 1), ...args.loadBalancers],
            },
        );
        this.kubeconfig = pulumi.secret(answer(this.formed).apply((text) => Buffer.from(text, "base64").toString()));
        this.members = hosts.map((host, index) =>
            hostCommand(
                `${host.name}-finalize`,
                { host, access, script: renderFinalize() },
                { parent: this, dependsOn: [this.formed, ...joined.slice(index, index + 1)] },
            ),
        );
        this.registerOutputs({ caHash: this.caHash, kubeconfig: this.kubeconfig });
    }

    /** One change of membership at a time (TRAPS 1): each host's turn begins when the one before it is done. */
    private joinInTurn(
        hosts: readonly HostConfig[],
        founded: readonly remote.Command[],
        { config, access }: ControlPlaneArgs,
        secret: { secretInput: pulumi.Output<string>; ignoreSecretChanges: boolean },
    ): remote.Command[] {
        return hosts.reduce<remote.Command[]>((turns, host, index) => {
            const turn = hostCommand(
                `${host.name}-member`,
                { host, access, script: renderMember(config, host), ...secret },
                { parent: this, dependsOn: [...founded.slice(index, index + 1), ...turns.slice(-1)] },
            );
            return [...turns, turn];
        }, []);
    }
}

/** A line of what the pki step printed; empty when `pulumi up --target` left the step out. */
function field(text: string, key: string): string {
    return (
        text
            .split("\n")
            .find((line) => line.startsWith(`${key} `))
            ?.slice(key.length + 1) ?? ""
    );
}

function onlyFields(text: string, keys: readonly string[]): string {
    return keys.map((key) => `${key} ${field(text, key)}\n`).join("");
}
