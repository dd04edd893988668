import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { clusterInventory } from "../../../../components/cluster/inventory";
import { HaCluster } from "../../../../components/cluster/haCluster";
import { type ClusterConfigInput, hostsWithRole } from "../../../../model/clusterConfig";
import type { ClusterInventory } from "../../../../model/inventory";
import { framed } from "../../../fakes/remoteHost";
import { configWith } from "../../../unit/model/sampleConfig";
import { RecordedProgram, plain } from "./recordedProgram";

const PRIVATE_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----";
/** The bootstrap token that a recorded cluster is given. */
export const TOKEN = "abcdef.0123456789abcdef";
/** The keys that it hands to its control planes. */
export const IDENTITY = "H4sIAidentity";
/** The kubeconfig of its administrator. */
export const KUBECONFIG = "client-key-data: a2V5";
/** Everything that nobody may see. */
export const SECRETS = [PRIVATE_KEY, TOKEN, IDENTITY, KUBECONFIG, Buffer.from(KUBECONFIG).toString("base64")];

/** Type of the steps on hosts. */
export const REMOTE = "command:remote:Command";
/** Type of the steps on the operator's machine. */
export const LOCAL = "command:local:Command";

/** The recorded cluster's own id. */
export const FOUNDING = "0f1e2d3c4b5a6978";

const outputs = {
    "sample-founding": { stdout: `${FOUNDING}\n` },
    "sample-control-plane-pki": {
        stdout: framed(
            `founding cp1=x\netcd-token quorate-x\nca-hash sha256:0a\nauthority Y2E=\nidentity ${IDENTITY}\n`,
        ),
    },
    "sample-join-token": { stdout: framed(`token ${TOKEN}\n`) },
    "sample-control-plane-initialise": { stdout: framed(Buffer.from(KUBECONFIG).toString("base64")) },
};

/** A connection as a step has it. */
export interface Connection {
    readonly host: string;
    readonly user: string;
    readonly hostKey?: string;
    readonly privateKey?: string;
    readonly dialErrorLimit: number;
    readonly perDialTimeout: number;
    readonly proxy?: { readonly host: string; readonly hostKey?: string };
}

export interface RecordOptions {
    readonly preview?: boolean;
    readonly agent?: boolean;
    /** Hosts that have still to join; every node of a new cluster. */
    readonly joining?: readonly string[];
    readonly recorded?: ClusterInventory;
}

/** What an `up` of the sample cluster that finished has recorded. */
export const RECORDED = clusterInventory(configWith(), "sha256:0a", FOUNDING);

/** Records the creation of the sample cluster, changed as a test needs it. */
export async function record(change?: (input: ClusterConfigInput) => void, options: RecordOptions = {}) {
    const config = configWith(change);
    const nodes = config.hosts.filter(({ role }) => role !== "load-balancer").map(({ name }) => name);
    const [first] = hostsWithRole(config, "control-plane");
    assert.ok(first);
    let cluster: HaCluster | undefined;
    const program = await RecordedProgram.of(
        (recording) => {
            const access = {
                cluster: config.name,
                ssh: config.ssh,
                ...(!options.agent && { privateKey: pulumi.secret(PRIVATE_KEY) }),
            };
            const joining = new Set(options.joining ?? nodes);
            const { recorded } = options;
            cluster = new HaCluster(config.name, { config, access, first, recorded, joining }, recording);
        },
        { outputs, preview: options.preview ?? false },
    );
    assert.ok(cluster);
    return { program, cluster };
}

const bastion = (input: ClusterConfigInput) =>
    (input.ssh = { proxy: { host: "bastion.example", hostKey: input.hosts[0]?.hostKey ?? "" } });
const asAdmin = (input: ClusterConfigInput) => (input.ssh = { user: "admin" });

/** A program is recorded when the first test asks for it, and then once. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
    let made: Promise<T> | undefined;
    return () => (made ??= make());
}
/** The sample cluster as it is. */
export const usual = once(() => record());
/** The sample cluster once it is there: nobody has still to join. */
export const settledCluster = once(() => record(undefined, { joining: [], recorded: RECORDED }));
/** The sample cluster whose hosts are reached through a bastion. */
export const behindBastion = once(() => record(bastion));
/** The sample cluster whose hosts are entered by a user who is not root. */
export const forAdmin = once(() => record(asAdmin));

/** All steps, wherever they run. */
export const commands = (program: RecordedProgram) => [...program.ofType(REMOTE), ...program.ofType(LOCAL)];
/** The connections of all steps on hosts. */
export const connections = (program: RecordedProgram) =>
    program.ofType(REMOTE).map(({ inputs }) => plain<Connection>(inputs["connection"]));
