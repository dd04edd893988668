import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitNothingLeft } from "./awaitNothingLeft";

/**
 * The node has come up in the host's present boot, with its DaemonSet and static pods and their endpoints; on a control plane
 * also etcd and the API server behind every balancer. Ready alone is a memory of before or too early (TRAPS 42, 64).
 */
export const nodeBack: Phase<RebootScope> = {
    name: "node-back",
    title: ({ host }) => `wait for node ${host.name} and its own pods`,
    deadline: ({ settings }) => settings.deadlines.ready,

    async run(scope) {
        const bootId = await scope.ports.hosts.bootId(scope.host.name);
        await awaitNothingLeft(scope, {
            what: `node ${scope.host.name} to be back`,
            deadline: scope.settings.deadlines.ready,
            missing: async () => {
                const node = await nodeMissing(scope, bootId);
                if (node.length > 0) return node;
                const [work, controlPlane] = await Promise.all([
                    scope.ports.nodes.unreadyWork(scope.host.name),
                    scope.host.role === "control-plane" ? controlPlaneMissing(scope) : [],
                ]);
                return [...work, ...controlPlane];
            },
        });
    },
};

async function nodeMissing({ host, ports }: RebootScope, bootId: string): Promise<string[]> {
    const node = await ports.nodes.node(host.name);
    if (node === undefined) return [`there is no node ${host.name}`];
    if (node.bootId !== bootId) return [`kubelet of ${host.name} has not reported since the boot`];
    return node.ready ? [] : [`${host.name} is not ready: ${node.notReadyReason}`];
}

/** A balancer that does not answer says nothing about the host. */
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
