/** Components that the preparation puts in place before the clock starts, for both ways of creating a cluster. */
export const preparedComponents: readonly string[] = ["Host", "Artifacts", "ContainerRuntime", "LoadBalancer"].map(
    (name) => `quorate:index:${name}`,
);

/** Values of `--target` for the prepared components, everything in them, and the component that holds them. */
export const preparedTargets: readonly string[] = [
    "**::quorate:index:HaCluster::**",
    ...preparedComponents.map((type) => `**$${type}**`),
];
