import { z } from "zod";

/** A member as the cluster's list has it. `id` is hexadecimal, as etcdctl takes it. */
export interface EtcdMember {
    readonly id: string;
    /** Empty until the member has started for the first time (TRAPS 4). */
    readonly name: string;
    readonly peerUrls: readonly string[];
    readonly clientUrls: readonly string[];
    readonly learner: boolean;
    readonly started: boolean;
}

/** What a member says of itself. */
export interface EtcdStatus {
    readonly id: string;
    /** Absent while there is no leader. */
    readonly leaderId: string | undefined;
    readonly learner: boolean;
    readonly revision: number;
    readonly version: string;
    readonly databaseBytes: number;
    readonly databaseBytesInUse: number;
    /** 0 when the member does not tell it. */
    readonly databaseQuotaBytes: number;
    readonly errors: readonly string[];
}

/** Whether a member answers a linearizable read. */
export interface EtcdHealth {
    readonly healthy: boolean;
    readonly reason: string;
}

export interface EtcdAlarm {
    readonly memberId: string;
    readonly alarm: string;
}

/** Ids exceed what a JavaScript number holds, so they are read as text. */
const ID_FIELDS = /"(ID|memberID|member_id|cluster_id|leader)":(\d+)/g;

/** Decimal text of an unsigned 64-bit id to the hexadecimal of etcdctl. */
const idSchema = z.string().transform((text) => BigInt(text).toString(16));

const memberListSchema = z.object({
    members: z
        .array(
            z.object({
                ID: idSchema,
                name: z.string().default(""),
                peerURLs: z.array(z.string()).default([]),
                clientURLs: z.array(z.string()).default([]),
                isLearner: z.boolean().default(false),
            }),
        )
        .default([]),
});

const statusSchema = z.object({
    header: z.object({ member_id: idSchema, revision: z.number().default(0) }),
    version: z.string(),
    leader: idSchema.optional(),
    dbSize: z.number().default(0),
    dbSizeInUse: z.number().default(0),
    dbSizeQuota: z.number().default(0),
    isLearner: z.boolean().default(false),
    errors: z.array(z.string()).default([]),
});

const statusListSchema = z.tuple([z.object({ Status: statusSchema })]);
const healthListSchema = z.tuple([z.object({ health: z.boolean(), error: z.string().default("") })]);
const ALARM_NAMES: Readonly<Record<number, string>> = { 1: "NOSPACE", 2: "CORRUPT" };
const alarmListSchema = z.object({
    alarms: z.array(z.object({ memberID: idSchema, alarm: z.number().default(0) })).default([]),
});

/** Reads `etcdctl member list -w json`. @throws Error naming the output that does not fit */
export function parseMemberList(text: string): EtcdMember[] {
    return read(memberListSchema, text, "member list").members.map((member) => ({
        id: member.ID,
        name: member.name,
        peerUrls: member.peerURLs,
        clientUrls: member.clientURLs,
        learner: member.isLearner,
        started: member.name !== "",
    }));
}

/** Reads `etcdctl endpoint status -w json` of one endpoint. @throws Error naming the output that does not fit */
export function parseEndpointStatus(text: string): EtcdStatus {
    const [{ Status: status }] = read(statusListSchema, text, "endpoint status");
    return {
        id: status.header.member_id,
        leaderId: status.leader,
        learner: status.isLearner,
        revision: status.header.revision,
        version: status.version,
        databaseBytes: status.dbSize,
        databaseBytesInUse: status.dbSizeInUse,
        databaseQuotaBytes: status.dbSizeQuota,
        errors: status.errors,
    };
}

/** Reads `etcdctl endpoint health -w json` of one endpoint. @throws Error naming the output that does not fit */
export function parseEndpointHealth(text: string): EtcdHealth {
    const [{ health, error }] = read(healthListSchema, text, "endpoint health");
    return { healthy: health, reason: error.trim() };
}

/** Reads `etcdctl alarm list -w json`. @throws Error naming the output that does not fit */
export function parseAlarms(text: string): EtcdAlarm[] {
    return read(alarmListSchema, text, "alarm list").alarms.map(({ memberID, alarm }) => ({
        memberId: memberID,
        alarm: ALARM_NAMES[alarm] ?? `alarm ${alarm}`,
    }));
}

function read<T extends z.ZodType>(schema: T, text: string, what: string): z.output<T> {
    const quoted = text.replace(ID_FIELDS, '"$1":"$2"');
    try {
        return schema.parse(JSON.parse(quoted));
    } catch {
        throw new Error(
            `etcdctl ${what} answered ${JSON.stringify(text.slice(0, 200))}; expected its JSON output of etcd 3.6`,
        );
    }
}
