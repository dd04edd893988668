import { stays, type GateView, type Objection, type Rule } from "./objection";
import type { RebootFacts } from "./rebootFacts";
import type { NodeView } from "./rebootPorts";

/** Every host answers: one that is down already is a second one out. */
export const hostsAnswer: Rule = (view) =>
    Object.entries(view.facts.unreachable).map(
        ([host, why]) => `${host} does not answer SSH (${why}): bring it back, or take it out of the configuration`,
    );

/** Every node is there and Ready, apart from those that are on their way: they are cordoned, by us or by a person (F55). */
export const nodesAreReady: Rule = (view) => unready(view, ({ name, cordoned }) => stays(view, name) || !cordoned);

/** Nothing is on its way yet. Asked before anything is touched. */
export const leavingNodesAreReady: Rule = (view) => unready(view, ({ name }) => !stays(view, name));

function unready({ facts }: GateView, mustBeReady: (node: NodeView) => boolean): Objection[] {
    const nodes = new Map(facts.nodes.map((node) => [node.name, node]));
    return facts.inventory.hosts
        .filter(({ role, name }) => role !== "load-balancer" && !(name in facts.unreachable))
        .flatMap(({ name }) => {
            const node = nodes.get(name);
            if (node === undefined) return [`${name} has no node in the cluster: let it join with \`pulumi up\``];
            if (!mustBeReady(node)) return [];
            if (!node.ready) return [`node ${name} is not Ready (${node.notReadyReason}): mend it`];
            return isOfThisBoot(facts, node)
                ? []
                : [`kubelet of ${name} has not reported since its boot: see \`systemctl status kubelet\` there`];
        });
}

/** A host that crashes and is up again within 40 s shows its Ready of before the boot until its kubelet reports (TRAPS 42). */
function isOfThisBoot({ bootIds }: RebootFacts, { name, bootId }: NodeView): boolean {
    const own = bootIds[name];
    return own === undefined || bootId === "" || bootId === own;
}

/** A cordon says that somebody works there, before anything else shows it (TRAPS 2). */
export const nobodyElseWorks: Rule = (view) =>
    view.facts.nodes
        .filter(({ name, cordoned, cordonedByRun }) => cordoned && cordonedByRun !== view.runId && stays(view, name))
        .map(({ name, cordonedByRun }) =>
            cordonedByRun === undefined
                ? `node ${name} was cordoned by somebody else: wait for them, or run \`kubectl uncordon ${name}\``
                : `node ${name} was cordoned by run ${cordonedByRun}, which has not ended: run \`quorate resume\` or \`quorate abort\` where it ran`,
        );
