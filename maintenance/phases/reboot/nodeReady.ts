import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitNothingLeft } from "./awaitNothingLeft";

/** The node has come up in the host's present boot. Ready alone may be a memory of before (TRAPS 42). */
export const nodeReady: Phase<RebootScope> = {
    name: "node-ready",
    title: ({ host }) => `wait for node ${host.name}`,
    deadline: ({ settings }) => settings.deadlines.ready,

    async run(scope) {
        const { host, ports, settings } = scope;
        let bootId: string | undefined;
        await awaitNothingLeft(scope, {
            what: `node ${host.name} to be ready`,
            deadline: settings.deadlines.ready,
            missing: async () => {
                bootId ??= await ports.hosts.bootId(host.name);
                const node = await ports.nodes.node(host.name);
                if (node === undefined) return [`there is no node ${host.name}`];
                if (node.bootId !== bootId) return [`kubelet of ${host.name} has not reported since the boot`];
                return node.ready ? [] : [`${host.name} is not ready: ${node.notReadyReason}`];
            },
        });
    },
};
