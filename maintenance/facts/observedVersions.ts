import { Version } from "../../model/version";
import { valueOf } from "./answer";
import type { Observation } from "./clusterFacts";

/** One component on one host, against the declaration. */
export interface ObservedVersion {
    readonly host: string;
    readonly component: "kube-apiserver" | "kubelet" | "etcd" | "containerd";
    readonly expected: string;
    readonly found: string;
    readonly matches: boolean;
}

/** Versions of all components that could be asked; notation is no difference: `v1.36.3` matches `1.36.3`. */
export function observedVersions({ inventory, facts }: Observation): ObservedVersion[] {
    const expected = inventory.versions;
    return inventory.hosts.flatMap(({ name: host }) => {
        const node = valueOf(facts.kubernetes)?.nodes.find(({ name }) => name === host);
        const found = [
            ["kube-apiserver", expected.kubernetes, valueOf(facts.apiServers.versions[host])],
            ["kubelet", expected.kubernetes, node?.kubeletVersion],
            ["etcd", expected.etcd, valueOf(facts.etcd.status[host])?.version],
            ["containerd", expected.containerd, node?.containerRuntimeVersion.replace(/^containerd:\/\//, "")],
        ] as const;
        return found.flatMap(([component, declared, version]) =>
            version === undefined
                ? []
                : { host, component, expected: declared, found: version, matches: sameVersion(declared, version) },
        );
    });
}

function sameVersion(declared: string, found: string): boolean {
    try {
        return Version.parse(declared).equals(Version.parse(found));
    } catch {
        return declared === found;
    }
}
