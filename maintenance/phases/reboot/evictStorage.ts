import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { evictPods } from "./evictPods";

/** Evicts pods with volumes, and those that ask for it, while the rest of the node still runs (TRAPS 37). */
export const evictStorage: Phase<RebootScope> = {
    name: "evict-storage",
    title: ({ host }) => `evict pods with storage from ${host.name}`,
    deadline: ({ settings }) => settings.deadlines.drain,
    async run(scope) {
        await evictPods(scope, "evicted-storage", ({ storage }) => storage);
    },
};
