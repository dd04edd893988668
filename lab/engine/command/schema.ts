import { ObjectType } from "./propertyType";

const unsupported =
    "is not supported by the lab's stand-in for the command plugin; leave it out or use the real plugin";

/** How to reach a host; a proxy has the same properties but no proxy of its own. */
const endpoint: ObjectType = {
    agentSocketPath: { type: "string" },
    dialErrorLimit: { type: "number", default: 10 },
    host: { type: "string", required: true },
    hostKey: { type: "string" },
    password: { type: "string", secret: true },
    perDialTimeout: { type: "number", default: 15 },
    port: { type: "number", default: 22 },
    privateKey: { type: "string", secret: true },
    privateKeyPassword: { type: "string", secret: true },
    user: { type: "string", default: "root" },
};

const connection: ObjectType = { ...endpoint, proxy: { type: { object: endpoint } } };

const logging = { type: { oneOf: ["stdout", "stderr", "stdoutAndStderr", "none"] } } as const;

const lifecycle: ObjectType = {
    create: { type: "string" },
    update: { type: "string" },
    delete: { type: "string" },
    triggers: { type: { listOf: "any" } },
    stdin: { type: "string" },
    logging,
    environment: { type: { mapOf: "string" } },
    addPreviousOutputInEnv: { type: "boolean" },
};

/** Input properties of each resource type, after the schema that the command plugin publishes. */
export const resourceInputs: Readonly<Record<string, ObjectType>> = {
    "command:remote:Command": {
        ...lifecycle,
        connection: { type: { object: connection }, required: true, secret: true },
    },
    "command:local:Command": {
        ...lifecycle,
        interpreter: { type: { listOf: "string" } },
        dir: { type: "string" },
        assetPaths: { type: { listOf: "string" }, refused: unsupported },
        archivePaths: { type: { listOf: "string" }, refused: unsupported },
    },
    "command:remote:CopyToRemote": {
        connection: { type: { object: connection }, required: true, secret: true },
        source: { type: "source", required: true },
        remotePath: { type: "string", required: true },
        triggers: { type: { listOf: "any" } },
    },
};
