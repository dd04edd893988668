import type { Phase } from "../workflow/phase";
import { through, type LeaveScope } from "./leaveScope";

const isInstalled = ({ hostState }: LeaveScope) => hostState === "installed";

/** Scheduler and controller-manager give up their leases through this host's API server, so they go before it. */
export const stopControllers: Phase<LeaveScope> = {
    name: "stop-controllers",
    title: ({ host }) => `stop scheduler and controller-manager of ${host.name}`,
    shouldRun: isInstalled,
    run: ({ ports, host }) => ports.teardown.stopControllers(host),
};

/** Ends the API server the way balancers notice, while its etcd member is still one: no request is cut (TRAPS 27, 66). */
export const stopApiServer: Phase<LeaveScope> = {
    name: "stop-api-server",
    title: ({ host }) => `stop the API server of ${host.name}`,
    shouldRun: isInstalled,
    run: ({ ports, host }) => ports.teardown.stopApiServer(host),
};

/** A running kubelet could register the deleted node again. */
export const stopKubelet: Phase<LeaveScope> = {
    name: "stop-kubelet",
    title: ({ host }) => `stop the kubelet of ${host.name}`,
    shouldRun: isInstalled,
    run: ({ ports, host }) => ports.teardown.stopKubelet(host),
};

export const deleteNode: Phase<LeaveScope> = {
    name: "delete-node",
    title: ({ host }) => `delete node ${host.name}`,
    shouldRun: ({ node }) => node !== undefined,
    run: (scope) => scope.ports.admin.deleteNode(through(scope), scope.host.name),
};

/** The virtual address moves before the proxy behind it goes (TRAPS 70). */
export const stopKeepalived: Phase<LeaveScope> = {
    name: "stop-keepalived",
    title: ({ host }) => `hand over the virtual address of ${host.name}`,
    shouldRun: isInstalled,
    run: ({ ports, host }) => ports.teardown.stopKeepalived(host),
};

export const reset: Phase<LeaveScope> = {
    name: "reset",
    title: ({ host }) => `reset ${host.name}`,
    shouldRun: isInstalled,
    run: ({ ports, host, cluster }) => ports.teardown.reset(host, cluster),
};
