import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";

/** Lets the API server say that it leaves, and end its requests, before its host goes (TRAPS 66). */
export const stopApiServer: Phase<RebootScope> = {
    name: "stop-api-server",
    title: ({ host }) => `stop the API server of ${host.name}`,
    shouldRun: ({ host }) => host.role === "control-plane",
    run: ({ host, ports }) => ports.hosts.stopApiServer(host.name),
    undo: ({ host, ports }) => ports.hosts.startApiServer(host.name),
};
