import { Duration } from "../../../model/duration";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitNothingLeft } from "./awaitNothingLeft";
import { notedOwnWork } from "./ownWorkNote";

/**
 * The node's DaemonSet and static pods and their endpoints are those of the host's present boot, and ready, and nothing keeps
 * other pods away; on a control plane then also etcd and the API server behind every balancer. Ready nodes come before all of that
 * (TRAPS 42, 64).
 */
export const nodeBack: Phase<RebootScope> = {
    name: "node-back",
    title: ({ host }) => `wait for the pods of node ${host.name} itself`,
    deadline: ({ settings }) => settings.deadlines.ready,

    async run(scope) {
        const { host, settings } = scope;
        const absentWork = watchAbsentWork(scope);
        await awaitNothingLeft(scope, {
            what: `node ${host.name} to be back`,
            deadline: settings.deadlines.ready,
            missing: async () => {
                await removeEnded(scope);
                const present = [...(await notReadyTaints(scope)), ...(await unreadyWork(scope))];
                const work = present.length > 0 ? present : await absentWork();
                if (work.length > 0 || host.role !== "control-plane") return work;
                return controlPlaneMissing(scope);
            },
        });
    },
};

/**
 * A DaemonSet makes its pod in moments, or when another controller-manager has taken the lead. One that has made none then does
 * not want the node any more, as when the boot has changed a label, or somebody has tainted the node since the pod came.
 */
const TO_BE_MADE = Duration.seconds(60);

/** Says what ran before and does not now, until it no longer can be about to come; then warns of it once. */
function watchAbsentWork(scope: RebootScope): () => Promise<readonly string[]> {
    const { host, ports, progress, settings } = scope;
    const before = notedOwnWork(scope);
    const patience = Math.min(TO_BE_MADE.milliseconds, settings.deadlines.ready.milliseconds / 2);
    const begun = ports.clock.monotonic();
    let hasWarned = false;
    return async () => {
        const absent = before === undefined ? [] : await ports.nodes.absentWork(host.name, before);
        if (absent.length === 0 || ports.clock.monotonic() - begun < patience) return absent;
        if (!hasWarned) progress.warn(`${host.name} goes on without what ran there before: ${absent.join("; ")}`);
        hasWarned = true;
        return [];
    };
}

/** At every look: a DaemonSet may have made a pod that the host, still going down, has turned away. */
async function removeEnded({ host, ports, progress }: RebootScope): Promise<void> {
    const removed = await ports.nodes.removeEnded(host.name);
    if (removed.length === 0) return;
    progress.report(`the shutdown has ended ${removed.join(", ")}; removed, to be made anew`);
}

function unreadyWork(scope: RebootScope): Promise<readonly string[]> {
    return scope.ports.nodes.unreadyWork(scope.host.name, notedOwnWork(scope));
}

async function notReadyTaints({ host, ports }: RebootScope): Promise<string[]> {
    const node = await ports.nodes.node(host.name);
    if (node === undefined) return [`there is no node ${host.name}`];
    return node.notReadyTaints.map((taint) => `${host.name} still has the taint ${taint}`);
}

/** Asked last, because asking etcd costs a booting host more than anything else. A balancer that does not answer says nothing about the host. */
async function controlPlaneMissing({ host, ports }: RebootScope): Promise<string[]> {
    const [{ members }, balancers] = await Promise.all([ports.etcd.view(), ports.balancers.observe()]);
    const member = members.find((candidate) => candidate.host === host.name);
    const down = balancers
        .flatMap(({ servers }) => servers)
        .filter((server) => server.purpose === "api" && server.host === host.name && !server.up);
    return [
        ...(member === undefined ? [`etcd has no member on ${host.name}`] : []),
        ...(member !== undefined && member.unhealthy !== "" ? [`etcd on ${host.name}: ${member.unhealthy}`] : []),
        ...down.map(({ balancer, backend }) => `${backend}/${host.name} is not up on ${balancer}`),
    ];
}
