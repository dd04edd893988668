import { answered, unanswered } from "../../../../maintenance/facts/answer";
import { days, readiness, api, type Case } from "./changes";

/** One failing case for each finding. */
export const hostCases: readonly Case[] = [
    {
        check: "hosts-reachable",
        when: "a host does not answer SSH",
        change: ({ units }) => ({ units: { ...units, w2: unanswered("w2: no SSH at 10.89.0.32:22: timed out") } }),
        severity: "problem",
        says: /^w2: no SSH at 10\.89\.0\.32:22: timed out; expected SSH as root/,
    },
    {
        check: "host-services",
        when: "kubelet is stopped",
        change: ({ units }) => ({ units: { ...units, cp2: answered({ containerd: "active", kubelet: "inactive" }) } }),
        severity: "problem",
        says: /^cp2: kubelet is inactive; expected kubelet active; read `journalctl -u kubelet`/,
    },
    {
        check: "certificates",
        when: "one ends within 30 days",
        change: ({ certificates }) => ({
            certificates: {
                ...certificates,
                cp1: answered([{ path: "/etc/kubernetes/admin.conf", notAfter: days(29.5) }]),
            },
        }),
        severity: "warning",
        says: /^cp1: \/etc\/kubernetes\/admin\.conf ends in 29 days, on 2026-12-21; expected at least 30 days/,
    },
    {
        check: "certificates",
        when: "one has expired",
        change: ({ certificates }) => ({
            certificates: {
                ...certificates,
                w1: answered([{ path: "/var/lib/kubelet/pki/kubelet-client-current.pem", notAfter: days(-1) }]),
            },
        }),
        severity: "problem",
        says: /^w1: .*kubelet-client-current\.pem expired on 2026-11-20; .*rotate/,
    },
    {
        check: "certificates",
        when: "the one that an API server presents ends soon",
        change: api(({ direct }) => ({
            direct: { ...direct, cp2: answered({ ...readiness, certificateNotAfter: days(3.1) }) },
        })),
        severity: "warning",
        says: /^cp2: https:\/\/10\.89\.0\.22:6443 ends in 3 days/,
    },
    {
        check: "certificates",
        when: "they cannot be read",
        change: ({ certificates }) => ({ certificates: { ...certificates, cp1: unanswered("openssl: not found") } }),
        severity: "warning",
        says: /^cp1: its certificates could not be read \(openssl: not found\)/,
    },
];
