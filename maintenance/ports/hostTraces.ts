import type { Role } from "../../model/clusterConfig";

/** The mark of ownership, written when a host was accepted; the only proof that a host is a cluster's (TRAPS 71). */
export const OWNER_MARK = "/var/lib/quorate/owner";
export const RESET = "/usr/local/lib/quorate/reset";

/** What a cluster may have left on a host, its own or somebody else's. */
const TRACES = [
    RESET,
    "/etc/kubernetes/kubelet.conf",
    "/etc/kubernetes/manifests/etcd.yaml",
    "/etc/kubernetes/pki/ca.key",
    "/etc/haproxy/quorate/haproxy.cfg",
    "/var/lib/etcd/member",
];

/**
 * Conditions in shell for what only a host has that quorate has made a member in a role. An earlier version put its other
 * files, the reset too, onto hosts before it had looked at them.
 */
const JOINED = {
    "control-plane": "[ -e /etc/kubernetes/quorate/member ] || [ -e /etc/kubernetes/quorate/formed ]",
    worker: "[ -e /etc/kubernetes/quorate/join.yaml ] && [ -e /etc/kubernetes/kubelet.conf ]",
} as const;

/** A cluster as the marks of its hosts name it. */
export interface ClusterMark {
    readonly name: string;
    readonly foundingId: string;
}

/** What tells whose a host is. */
export interface HostTraces {
    readonly mark?: { readonly cluster: string; readonly host: string; readonly founding: string } | undefined;
    /** Hash of its CA's public key, in kubeadm's notation; empty without a CA. */
    readonly caHash: string;
    /** Addresses that its HAProxy sends to by quorate's configuration. */
    readonly servers: readonly string[];
    /** As what quorate has made it a member of a cluster; a control plane may look like a worker as well. */
    readonly joinedAs: readonly Role[];
    /** Paths of a cluster that are there. */
    readonly found: readonly string[];
}

/** Prints them, a line each; changes nothing. */
export const SHOW_TRACES = `
[ ! -e ${OWNER_MARK} ] || { echo mark; sed 's/^/mark /' ${OWNER_MARK}; }
[ ! -e /etc/kubernetes/pki/ca.crt ] ||
    echo "ca sha256:$(openssl x509 -in /etc/kubernetes/pki/ca.crt -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)"
[ ! -e /etc/haproxy/quorate/haproxy.cfg ] ||
    sed -n 's/^ *server [^ ]* \\([^ :]*\\):.*/server \\1/p' /etc/haproxy/quorate/haproxy.cfg
if ${JOINED["control-plane"]}; then echo "joined control-plane"; fi
if ${JOINED.worker}; then echo "joined worker"; fi
for path in ${TRACES.join(" ")}; do
    [ ! -e "$path" ] || echo "found $path"
done`;

/**
 * Shell that goes on only if the host's reset may be run. That of an earlier version looks at no mark: on a host without one
 * it may run only for a request of that time, and where quorate has made a member or a balancer.
 */
export function mayReset(cluster: ClusterMark | undefined): string {
    const proofs = [JOINED["control-plane"], JOINED.worker, "[ -e /etc/haproxy/quorate/haproxy.cfg ]"];
    const conditions = [`[ -e ${OWNER_MARK} ]`, `grep -qF ${OWNER_MARK} ${RESET}`, ...(cluster ? [] : proofs)];
    const why = `not reset: ${RESET} of an earlier version looks at no mark, and there is none; if the host was this cluster's, run it there`;
    return `${conditions.map((condition) => `{ ${condition}; }`).join(" || ")} || { echo "${why}" >&2; exit 1; }`;
}

/** For a host that is ours: removes the mark when nothing but the mark was ever put there, and fails when there is more. */
export const RESET_WITHOUT_SCRIPT = `
left=
for path in ${TRACES.join(" ")}; do [ ! -e "$path" ] || left="$left $path"; done
[ -z "$left" ] || { echo "there is no ${RESET}, so this stays:$left; install the host anew before it is used again" >&2; exit 1; }
rm -rf --one-file-system /var/lib/quorate /usr/local/lib/quorate`;

export function parseTraces(text: string): HostTraces {
    const lines = text.split("\n").map((line) => line.trim());
    const values = (key: string) =>
        lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
    const mark = values("mark");
    const field = (key: string) => mark.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? "";
    return {
        mark: lines.includes("mark")
            ? { cluster: field("cluster"), host: field("host"), founding: field("founding") }
            : undefined,
        caHash: values("ca")[0] ?? "",
        servers: [...new Set(values("server"))],
        joinedAs: values("joined") as Role[],
        found: values("found"),
    };
}
