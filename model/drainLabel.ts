/** How a drain treats a pod; no pod needs it. Its value {@link STORAGE_FIRST} moves the pod in the drain's first step. */
export const DRAIN_LABEL = "quorate.dev/drain";

/** Evicted before all other pods, so that volumes are detached while the rest of the node still runs (TRAPS 37). */
export const STORAGE_FIRST = "storage-first";
