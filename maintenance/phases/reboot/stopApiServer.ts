import type { RebootScope } from "../../actions/reboot/rebootScope";
import { API_SERVER_STOP_DEADLINE } from "../../ports/hostScripts";
import type { Phase } from "../../workflow/phase";

/** Lets the API server say that it leaves, and end its requests, before its host goes (TRAPS 66). */
export const stopApiServer: Phase<RebootScope> = {
    name: "stop-api-server",
    title: ({ host }) => `stop the API server of ${host.name}`,
    shouldRun: ({ host }) => host.role === "control-plane",
    deadline: () => API_SERVER_STOP_DEADLINE,
    run: ({ host, ports, progress }) => ports.hosts.stopApiServer(host.name, (line) => progress.report(line)),
    undo: ({ host, ports, progress }) => ports.hosts.startApiServer(host.name, (line) => progress.report(line)),
};
