import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterConfig, type HostConfig, hostsWithRole } from "../../model/clusterConfig";
import { type ClusterAccess, answer, hostCommand } from "../command/hostCommand";
import {
    renderFinalize,
    renderFound,
    renderIdentity,
    renderInitialise,
    renderMember,
    renderPki,
} from "./controlPlaneScripts";
import { caHashOf, identityOf, onlyFields } from "./handedOut";

export interface ControlPlaneArgs {
    readonly access: ClusterAccess;
    readonly config: ClusterConfig;
    /** The control plane that keeps the cluster's identity: a member since before this run, or the first of a new cluster. */
    readonly first: HostConfig;
    /** Names of the hosts that have still to join: only they are given what the identity's step prints now. */
    readonly joining: ReadonlySet<string>;
    /** The CA that the last `up` that finished has recorded; none for a new cluster. */
    readonly recordedCaHash: string | undefined;
    /** Container runtime of each control plane, by host name. */
    readonly runtimes: ReadonlyMap<string, pulumi.Resource>;
    readonly loadBalancers: readonly pulumi.Resource[];
}

type Steps = ReadonlyMap<string, remote.Command>;

/**
 * API servers, controller managers, schedulers and stacked etcd on all control planes.
 *
 * Founding members start at the same time, from shared CAs and a static member list; the result is an ordinary kubeadm
 * cluster. Control planes added later join one after the other as learners, through the same resources.
 */
export class ControlPlane extends pulumi.ComponentResource {
    /** The CA's certificate, as workers are told it. */
    readonly authority: pulumi.Output<string>;
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
        const { config, access, first, recordedCaHash } = args;
        const hosts = hostsWithRole(config, "control-plane");
        const pki = hostCommand(
            `${name}-pki`,
            { host: first, access, script: renderPki(config, first), secretOutput: true },
            { parent: this, dependsOn: runtimeOf(first, args), protect: config.protect },
        );
        const checked = answer(pki).apply((text) => ({ text, caHash: caHashOf(text, recordedCaHash, first.name) }));
        this.caHash = pulumi.unsecret(checked.caHash);
        this.authority = pulumi.secret(checked.apply(({ text }) => onlyFields(text, ["authority"])));

        const identity = pulumi.secret(checked.apply(({ text }) => identityOf(text, recordedCaHash)));
        const founded = this.found(hosts, pki, identity, args);
        const joined = this.joinInTurn(hosts, founded, args);
        this.formed = hostCommand(
            `${name}-initialise`,
            { host: first, access, script: renderInitialise(config, first), secretOutput: true },
            {
                parent: this,
                // After the first host's own turn, because both work on that host and this one waits there for the API.
                dependsOn: [...founded.values(), ...of(joined, first), ...args.loadBalancers],
            },
        );
        this.kubeconfig = pulumi.secret(answer(this.formed).apply((text) => Buffer.from(text, "base64").toString()));
        this.members = hosts.map((host) =>
            hostCommand(
                `${host.name}-finalize`,
                { host, access, script: renderFinalize() },
                { parent: this, dependsOn: [this.formed, ...of(joined, host)] },
            ),
        );
        this.registerOutputs({ caHash: this.caHash, kubeconfig: this.kubeconfig });
    }

    /** All at the same time. The identity comes by a step of its own, so that what founds a member can be read in previews. */
    private found(
        hosts: readonly HostConfig[],
        pki: remote.Command,
        identity: pulumi.Output<string>,
        args: ControlPlaneArgs,
    ): Steps {
        const { access, config, joining } = args;
        return new Map(
            hosts.map((host) => {
                const given = hostCommand(
                    `${host.name}-identity`,
                    {
                        host,
                        access,
                        script: renderIdentity(),
                        secretInput: identity,
                        hasRun: !joining.has(host.name),
                    },
                    { parent: this, dependsOn: [pki, ...runtimeOf(host, args)] },
                );
                const founded = hostCommand(
                    `${host.name}-found`,
                    { host, access, script: renderFound(config, host) },
                    { parent: this, dependsOn: [given] },
                );
                return [host.name, founded];
            }),
        );
    }

    /**
     * One change of membership at a time (TRAPS 1): each host's turn begins when the one before it is done. Those that join
     * are first: then the others restart their API servers for changed settings among more that serve.
     */
    private joinInTurn(
        hosts: readonly HostConfig[],
        founded: Steps,
        { config, access, joining }: ControlPlaneArgs,
    ): Steps {
        const order = [
            ...hosts.filter((host) => joining.has(host.name)),
            ...hosts.filter((host) => !joining.has(host.name)),
        ];
        return order.reduce<Steps>((turns, host) => {
            const turn = hostCommand(
                `${host.name}-member`,
                { host, access, script: renderMember(config, host) },
                { parent: this, dependsOn: [...of(founded, host), ...[...turns.values()].slice(-1)] },
            );
            return new Map([...turns, [host.name, turn]]);
        }, new Map());
    }
}

function runtimeOf(host: HostConfig, { runtimes }: ControlPlaneArgs): pulumi.Resource[] {
    return [runtimes.get(host.name)].filter((runtime) => runtime !== undefined);
}

function of(steps: Steps, host: HostConfig): readonly remote.Command[] {
    return [steps.get(host.name)].filter((step) => step !== undefined);
}
