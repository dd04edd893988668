import { X509Certificate } from "node:crypto";
import { Duration } from "../../model/duration";
import { execOk, type Remote, type RemoteHost } from "./remote";

/** A certificate and its last moment. */
export interface CertificateFacts {
    /** File on the host; for a kubeconfig, the client certificate inside it. */
    readonly path: string;
    readonly notAfter: Date;
}

/** Certificates on hosts. */
export interface Certificates {
    /** Every Kubernetes and etcd certificate that is there; an empty list where nothing is installed. */
    onHost(host: RemoteHost): Promise<CertificateFacts[]>;
}

const TIMEOUT = Duration.seconds(10);

/**
 * Prints `file <path>`, then what is public in it: PEM blocks of certificates, or a kubeconfig's client certificate in
 * base64. Private keys stay on the host.
 */
const SCRIPT = `
for file in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt /var/lib/kubelet/pki/kubelet-client-current.pem; do
    [ -e "$file" ] && echo "file $file" && sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' "$file"
done
for name in admin super-admin controller-manager scheduler; do
    file=/etc/kubernetes/$name.conf
    [ -e "$file" ] && echo "file $file" && sed -n 's/^ *client-certificate-data: *//p' "$file"
done
true`;

/** Files on the hosts, over SSH; read here, so that a host forks little. */
export function openCertificates(remote: Remote): Certificates {
    return {
        async onHost(host) {
            const text = await execOk(remote, host, SCRIPT, { timeout: TIMEOUT, what: "reading certificates" });
            return parseCertificates(text);
        },
    };
}

/** Reads the script's output. @throws Error naming a file without a readable certificate */
export function parseCertificates(text: string): CertificateFacts[] {
    return text
        .split(/^file /m)
        .slice(1)
        .map((section) => {
            const end = section.indexOf("\n");
            const path = section.slice(0, end);
            return { path, notAfter: soonestEnd(path, section.slice(end + 1)) };
        });
}

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function soonestEnd(path: string, text: string): Date {
    const pem = text.startsWith("-----") ? text : Buffer.from(text, "base64").toString("utf8");
    const blocks = pem.match(PEM_BLOCK) ?? [];
    if (blocks.length === 0) throw new Error(`${path} holds no certificate; expected PEM`);
    return new Date(Math.min(...blocks.map((block) => Date.parse(new X509Certificate(block).validTo))));
}
