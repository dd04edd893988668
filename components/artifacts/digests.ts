import type { ClusterConfig } from "../../model/clusterConfig";
import type { ConfigProblem } from "../../model/configError";
import { type Image, type NodeRole, images } from "./catalogue";
import known from "./imageDigests.json";

/**
 * What each image is, by the digest of its index for all machines, so that a registry can give nothing else.
 *
 * Kubernetes' programs and pause: kubernetes/k8s.io, registry.k8s.io/images/k8s-staging-kubernetes/images.yaml, the list by
 * which images are promoted; CoreDNS to 1.13: the same for k8s-staging-coredns. CoreDNS 1.14, etcd and flannel: pinned by
 * several projects that are independent of each other, Cilium and Talos Linux (which checks the signature) among them.
 */
const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = known;

type Digests = Readonly<Record<string, string>>;
type Settings = Pick<ClusterConfig, "artifacts" | "versions">;

/** An image with the digest by which it is pulled; without one it comes from a bundle, checked by the bundle's own sums. */
export interface PinnedImage extends Image {
    readonly digest?: string;
}

/**
 * The images of a node's own programs, as they are pulled.
 * @throws Error naming an image that no digest is known of
 */
export function pinnedImages({ artifacts, versions }: Settings, role: NodeRole): readonly PinnedImage[] {
    if (artifacts.source === "bundle") return images(versions, role);
    return images(versions, role).map((image) => {
        const digest = digestOf(image, artifacts.digests);
        if (digest === undefined) throw new Error(`${image.reference}: no digest is known; ${wayOut(image)}`);
        return { ...image, digest };
    });
}

/** Every version whose images no digest is known of, and every digest given for an image that is none of the cluster's. */
export function digestProblems({ artifacts, versions }: Settings): ConfigProblem[] {
    if (artifacts.source === "bundle") return [];
    const all = images(versions, "control-plane");
    const references = all.map(({ reference }) => reference);
    const unknown = all.filter((image) => digestOf(image, artifacts.digests) === undefined);
    return [
        ...[...new Set(unknown.map(({ version }) => version))].map((key) => {
            const missing = unknown.filter(({ version }) => version === key);
            const names = missing.map(({ reference }) => reference).join(", ");
            return { path: `versions.${key}`, message: `no digest is known of ${names}; ${wayOut(missing[0])}` };
        }),
        ...Object.keys(artifacts.digests)
            .filter((reference) => !references.includes(reference))
            .map((reference) => ({
                path: `artifacts.digests["${reference}"]`,
                message: `is no image of this cluster; write one of ${references.join(", ")}`,
            })),
    ];
}

function digestOf({ reference }: Image, given: Digests): string | undefined {
    const [repository, tag] = parts(reference);
    return given[reference] ?? KNOWN[repository]?.[tag];
}

function wayOut(image: Image | undefined): string {
    const tags = Object.keys(KNOWN[parts(image?.reference ?? "")[0]] ?? {});
    const written = tags.map((tag) => tag.replace(/-0$/, "")).join(", ");
    return `write one of ${written}, give the digests in artifacts.digests, or use artifacts.source: bundle`;
}

function parts(reference: string): readonly [repository: string, tag: string] {
    const colon = reference.lastIndexOf(":");
    return [reference.slice(0, colon), reference.slice(colon + 1)];
}
