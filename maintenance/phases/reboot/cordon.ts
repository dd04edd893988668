import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";

/** Keeps new pods away from the node, and remembers that it was this run (TRAPS 36). */
export const cordon: Phase<RebootScope> = {
    name: "cordon",
    title: ({ host }) => `cordon ${host.name}`,
    run: ({ host, ports, runId }) => ports.nodes.cordon(host.name, runId),
    undo: ({ host, ports, runId }) => ports.nodes.uncordon(host.name, runId),
};
