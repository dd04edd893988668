import type { HostConfig } from "../../../../model/clusterConfig";
import { renderPki } from "../../../../components/controlPlane/controlPlaneScripts";
import { configWith } from "../../model/sampleConfig";
import type { BashHost } from "../bashHost";

export const config = configWith();
const [, , first, second] = config.hosts;
if (first === undefined || second === undefined) throw new Error("the sample has no control planes");
/** The first control plane of the sample, and the next one. */
export const [cp1, cp2]: readonly [HostConfig, HostConfig] = [first, second];

/** kubeadm's phases with the files that each makes, keys first, as kubeadm writes them. */
const PHASES = {
    ca: "ca.key ca.crt",
    "front-proxy-ca": "front-proxy-ca.key front-proxy-ca.crt",
    "etcd-ca": "etcd/ca.key etcd/ca.crt",
    sa: "sa.key sa.pub",
};

/** kubeadm and openssl as far as the identity needs them. Phases that are named in $broken end after half their files. */
export function fakePki(host: BashHost, { broken = "" }: { broken?: string } = {}): void {
    const phases = Object.entries(PHASES).map(([phase, files]) => `"init phase certs ${phase} "*) made="${files}" ;;`);
    host.fake(
        "kubeadm",
        `made=
        case "$*" in ${phases.join("\n")} esac
        mkdir -p pki/etcd
        for file in $made; do
            [ ! -e "pki/$file" ] || exit 1
            echo "$file" >"pki/$file"
            [[ "$*" != "init phase certs ${broken || "none"} "* ]] || exit 1
        done`,
    );
    host.fake(
        "openssl",
        `case "$*" in
            *-startdate*) echo "notBefore=Jan  1 00:00:00 2020 GMT" ;;
            "rand -hex 3") echo abcdef ;;
            "rand -hex 8") echo 0123456789abcdef ;;
            x509*) echo key ;;
            pkey*) cat ;;
        esac`,
    );
    // No other control plane serves anything.
    host.fake("curl", "exit 7");
}

/** What the first control plane hands out, or how the step failed. */
export const runPki = (host: BashHost) => host.step({ ...renderPki(config, cp1), bringsLibrary: true });

/** The lines of what was handed out, by key. */
export const fields = (text: string) =>
    new Map(
        text
            .trimEnd()
            .split("\n")
            .map((line) => line.split(" ") as [string, string]),
    );
