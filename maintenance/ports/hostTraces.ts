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
for path in ${TRACES.join(" ")}; do
    [ ! -e "$path" ] || echo "found $path"
done`;

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
        found: values("found"),
    };
}
