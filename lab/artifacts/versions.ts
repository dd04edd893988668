/** What the lab's cluster is made of. One version here is one place to change it; the Go modules pin the same. */
export const artifactVersions = {
    kubernetes: "1.36.3",
    etcd: "3.6.10",
    containerd: "2.3.4",
    cniPlugins: "1.9.1",
    coredns: "1.14.6",
    flannel: "0.28.4",
    pulumi: "3.250.0",
    pause: "3.10.2",
    agnhost: "2.62",
    skipper: "0.26.0",
} as const;

/** Go's and the release files' name of this machine's processor. */
export const architecture = process.arch === "arm64" ? "arm64" : "amd64";
