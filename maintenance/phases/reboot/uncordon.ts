import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";

/** Opens the node to new pods, if it was this run that has closed it (TRAPS 36). */
export const uncordon: Phase<RebootScope> = {
    name: "uncordon",
    title: ({ host }) => `uncordon ${host.name}`,
    run: ({ host, ports, runId }) => ports.nodes.uncordon(host.name, runId),
};
