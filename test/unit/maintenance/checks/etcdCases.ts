import { answered, unanswered } from "../../../../maintenance/facts/answer";
import { sampleMember, sampleStatus } from "../../../fakes/sampleFacts";
import { etcd, members, status, type Case } from "./changes";

/** One failing case for each finding. */
export const etcdCases: readonly Case[] = [
    {
        check: "etcd-members",
        when: "a declared member is missing",
        change: members(sampleMember("cp1"), sampleMember("cp2")),
        severity: "problem",
        says: /^cp3: etcd has no member cp3 at https:\/\/10\.89\.0\.23:2380; expected.*pulumi up/,
    },
    {
        check: "etcd-members",
        when: "there is an undeclared member",
        change: members(...["cp1", "cp2", "cp3", "cp9"].map((name) => sampleMember(name))),
        severity: "problem",
        says: /member cp9 at https:\/\/10\.89\.0\.99:2380 is not in the inventory.*member remove ff/,
    },
    {
        check: "etcd-members",
        when: "a member was added and never started",
        change: members(sampleMember("cp1"), sampleMember("cp2"), sampleMember("cp3", { name: "", started: false })),
        severity: "problem",
        says: /^cp3: member c3 .* has never started/,
    },
    {
        check: "etcd-members",
        when: "a member is still a learner",
        change: members(sampleMember("cp1"), sampleMember("cp2"), sampleMember("cp3", { learner: true })),
        severity: "problem",
        says: /^cp3: member cp3 is a learner; expected a voter/,
    },
    {
        check: "etcd-members",
        when: "nobody tells the member list",
        change: etcd(() => ({ members: { cp1: unanswered("cp1: exit status 1") } })),
        severity: "problem",
        says: /no member tells the member list \(cp1: exit status 1\); expected 3 members/,
    },
    {
        check: "etcd-health",
        when: "the members name different leaders",
        change: status("cp3", { leaderId: "b2" }),
        severity: "problem",
        says: /the members name 2 leaders: a1, b2; expected one leader/,
    },
    {
        check: "etcd-health",
        when: "a member knows no leader",
        change: etcd(() => ({ status: { cp1: answered(sampleStatus("cp1", { leaderId: undefined })) } })),
        severity: "problem",
        says: /the members name 1 leaders: none/,
    },
    {
        check: "etcd-database",
        when: "a member is far behind",
        change: status("cp3", { revision: 30_000 }),
        severity: "problem",
        says: /^cp3: its etcd member is 11000 revisions behind; expected at most 5000/,
    },
    {
        check: "etcd-database",
        when: "the database fills its quota",
        change: status("cp2", { databaseBytes: 7 * 1024 ** 3 }),
        severity: "warning",
        says: /^cp2: its etcd database fills 88 % of the quota/,
    },
    {
        check: "etcd-alarms",
        when: "a member has raised an alarm",
        change: etcd(() => ({ alarms: { cp1: answered([{ memberId: "b2", alarm: "NOSPACE" }]) } })),
        severity: "problem",
        says: /^cp2: etcd alarm NOSPACE; expected no alarm; compact/,
    },
];
