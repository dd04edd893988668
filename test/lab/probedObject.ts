/** Name of the ConfigMap that the API prober reads and writes; made before anything is taken down. */
export const PROBED_OBJECT = "probe";
