import type {
    EvictablePod,
    EvictionResult,
    OwnWork,
    RebootPorts,
    Report,
    ServerView,
} from "../../../../../maintenance/actions/reboot/rebootPorts";
import type { DrainPolicy, RebootScope } from "../../../../../maintenance/actions/reboot/rebootScope";
import { UnreachableError } from "../../../../../maintenance/ports/remote";
import type { Clock } from "../../../../../maintenance/workflow/clock";
import { Duration } from "../../../../../model/duration";
import { fakeClock } from "../../../../fakes/fakeClock";
import { sampleInventory } from "../../../../fakes/sampleCluster";

/** One host in the middle of a reboot, with ports that answer from public fields and remember what was done. */
export class RebootingHost {
    readonly done: string[] = [];
    readonly warnings: string[] = [];
    readonly reports: string[] = [];
    readonly notes = new Map<string, string>();
    clock: Clock = fakeClock();
    policy: DrainPolicy = "block";
    takeAddressBack = false;
    hasLeft = true;
    /** Answers to the next questions for the boot id; the last stays. Undefined: no answer. */
    bootIds: (string | undefined)[] = ["b-1"];
    /** Sessions seen by the next questions; the last stays. */
    sessions = [0];
    /** Without a quiet moment. */
    apiConnections = 0;
    pods: EvictablePod[] = [];
    evictions: (pod: EvictablePod, attempt: number) => EvictionResult = () => ({ kind: "evicted" });
    /** Uids of pods that stay where they are, though their eviction was granted. */
    readonly endless = new Set<string>();
    unsettled: string[][] = [[]];
    volumes: string[][] = [[]];
    nodeBootId = "b-1";
    nodeReady = true;
    /** Taints at the next looks at the node; the last stay. */
    taints: string[][] = [[]];
    /** DaemonSet pods that the shutdown has ended, at the next looks; the last stay. An error stands for a look that fails. */
    ended: (string[] | Error)[] = [[]];
    /** What ran before and does not, at the next looks; the last stay. */
    absent: string[][] = [[]];
    ownWork: OwnWork = { daemonSets: [], staticPods: [], containers: [] };
    /** What was to be there again, by the last question for what is not ready. */
    askedFor: OwnWork | undefined;
    unready: string[][] = [[]];
    /** Of the next questions to etcd about its leader. */
    readonly etcdFailures: Error[] = [];
    memberUnhealthy: string[] = [""];
    /** Answers to the next questions for the address's owner; the last stays. */
    owners: (string | undefined)[] = ["lb1"];
    unserved: string[][] = [[]];
    proofs = [true];
    private readonly attempts = new Map<string, number>();

    constructor(readonly name: string) {}

    get scope(): RebootScope {
        const inventory = sampleInventory();
        const limit = Duration.seconds(60);
        return {
            host: inventory.hosts.find(({ name }) => name === this.name)!,
            together: [this.name],
            inventory,
            runId: "run-1",
            settings: {
                policy: this.policy,
                takeAddressBack: this.takeAddressBack,
                deadlines: { sessions: limit, drain: limit, volumes: limit, boot: limit, ready: limit },
            },
            ports: this.ports(),
            notes: {
                read: (key) => this.notes.get(key),
                write: (key, value) => {
                    this.done.push(`note ${key}`);
                    this.notes.set(key, value);
                    return Promise.resolve();
                },
            },
            progress: { report: (line) => this.reports.push(line), warn: (line) => this.warnings.push(line) },
            hasLeft: () => this.hasLeft,
        };
    }

    pod(name: string, change: Partial<EvictablePod> = {}): EvictablePod {
        const requests = { cpu: 0, memory: 0 };
        const pod = {
            namespace: "shop",
            name,
            uid: name,
            node: this.name,
            owner: "",
            storage: false,
            toleratesCordon: false,
            started: true,
            requests,
            ...change,
        };
        this.pods.push(pod);
        return pod;
    }

    private act(what: string): Promise<void> {
        this.done.push(what);
        return Promise.resolve();
    }

    /** The same, seen by whoever wants to be told while it lasts. */
    private tell(report: Report | undefined, what: string): Promise<void> {
        report?.(what);
        return this.act(what);
    }

    private ports(): RebootPorts {
        const proof = () => Promise.resolve({ passed: next(this.proofs) ?? false, seen: "an answer" });
        const server = (sessions: number): ServerView => ({
            balancer: "lb1",
            purpose: "ingress",
            backend: "ingress-http",
            host: this.name,
            administrative: "ready",
            up: true,
            sessions,
        });
        const ports = {
            clock: this.clock,
            balancers: {
                setIngress: (host: string, state: string) => this.act(`${host} ${state}`),
                setApi: (host: string, state: string) => this.act(`API server ${host} ${state}`),
                endApiConnections: (host: string) => {
                    this.done.push(`end API connections ${host}`);
                    return Promise.resolve(this.apiConnections);
                },
                ingressServers: () => Promise.resolve([server(next(this.sessions) ?? 0)]),
                observe: () => Promise.resolve([]),
            },
            nodes: {
                cordon: (name: string, run: string) => this.act(`cordon ${name} ${run}`),
                uncordon: (name: string, run: string) => this.act(`uncordon ${name} ${run}`),
                volumesAttached: () => Promise.resolve(next(this.volumes)),
                removeEnded: () => {
                    const ended = next(this.ended);
                    return ended instanceof Error ? Promise.reject(ended) : Promise.resolve(ended);
                },
                ownWork: () => Promise.resolve(this.ownWork),
                node: () =>
                    Promise.resolve({
                        bootId: this.nodeBootId,
                        ready: this.nodeReady,
                        notReadyReason: "starting",
                        notReadyTaints: next(this.taints),
                    }),
                absentWork: () => Promise.resolve(next(this.absent)),
                unreadyWork: (_: string, before: OwnWork | undefined) => {
                    this.askedFor = before;
                    return Promise.resolve(next(this.unready));
                },
            },
            pods: {
                evictable: () => Promise.resolve([...this.pods]),
                evict: (pod: EvictablePod) => Promise.resolve(this.evict(pod)),
                delete: (pod: EvictablePod) => {
                    this.pods = this.pods.filter(({ uid }) => uid !== pod.uid);
                    return this.act(`delete ${pod.name}`);
                },
                unsettled: (evicted: readonly { name: string }[]) => {
                    this.done.push(`settle ${evicted.map(({ name }) => name).join(" ")}`);
                    return Promise.resolve(next(this.unsettled));
                },
            },
            etcd: {
                moveLeaderAway: (host: string) => {
                    const failure = this.etcdFailures.shift();
                    return failure === undefined ? this.act(`leader away from ${host}`) : Promise.reject(failure);
                },
                view: () => Promise.resolve({ members: [{ host: this.name, unhealthy: next(this.memberUnhealthy) }] }),
            },
            hosts: {
                bootId: () => {
                    const bootId = next(this.bootIds);
                    if (bootId === undefined) return Promise.reject(new UnreachableError(this.name, "no SSH"));
                    return Promise.resolve(bootId);
                },
                reboot: (host: string) => this.act(`reboot ${host}`),
                stopApiServer: (host: string, report?: Report) => this.tell(report, `stop API server ${host}`),
                startApiServer: (host: string, report?: Report) => this.tell(report, `start API server ${host}`),
                unservedByBalancer: () => Promise.resolve(next(this.unserved)),
                podNetworkProof: proof,
                ingressProof: proof,
            },
            virtualAddress: {
                owner: () => Promise.resolve(next(this.owners)),
                handOver: (from: string, report?: Report) => {
                    this.owners = ["lb2"];
                    return this.tell(report, `hand over from ${from}`);
                },
                release: (host: string, { now, report }: { now: boolean; report?: Report }) =>
                    this.tell(report, `release ${host} ${now ? "now" : "later"}`),
            },
        };
        return ports as unknown as RebootPorts;
    }

    private evict(pod: EvictablePod): EvictionResult {
        const attempt = (this.attempts.get(pod.uid) ?? 0) + 1;
        this.attempts.set(pod.uid, attempt);
        const result = this.evictions(pod, attempt);
        if (result.kind !== "blocked") {
            this.pods = this.pods.filter(({ uid }) => uid !== pod.uid || this.endless.has(uid));
            this.done.push(`evict ${pod.name}`);
        }
        return result;
    }
}

/** Takes answers from the front; the last one stays. */
function next<T>(answers: T[]): T | undefined {
    return answers.length > 1 ? answers.shift() : answers[0];
}
