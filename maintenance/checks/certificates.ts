import { isReachable, type Observation } from "../facts/clusterFacts";
import { certificatesOf } from "../facts/certificateExpiry";
import { problem, warning, type Check, type Finding } from "./finding";

/** TRAPS 52: certificates of kubeadm live for a year, and a forgotten one takes the cluster with it. */
const WARN_DAYS = 30;

/** No certificate ends soon: files on the hosts, those inside kubeconfigs, and what the API servers present. */
export const certificates: Check = {
    name: "certificates",
    title: `every certificate is good for ${WARN_DAYS} days`,

    findings: (observation) => [
        ...observation.inventory.hosts.flatMap(({ name }) => unread(observation, name)),
        ...observation.inventory.hosts.flatMap(({ name }) => soonEnding(observation, name)),
    ],
};

function unread({ facts }: Observation, host: string): Finding[] {
    const answer = facts.certificates[host];
    if (answer === undefined || answer.answered || !isReachable(facts, host)) return [];
    return [
        warning({
            subject: host,
            found: `its certificates could not be read (${answer.why})`,
            expected: "their end dates",
            next: "look at the files of that host in /etc/kubernetes",
        }),
    ];
}

function soonEnding(observation: Observation, host: string): Finding[] {
    return certificatesOf(observation, host)
        .filter(({ daysLeft }) => daysLeft < WARN_DAYS)
        .map(({ path, daysLeft, notAfter }) => {
            const expired = notAfter.getTime() <= observation.facts.observedAt.getTime();
            const day = notAfter.toISOString().slice(0, 10);
            return (expired ? problem : warning)({
                subject: host,
                found: expired ? `${path} expired on ${day}` : `${path} ends in ${daysLeft} days, on ${day}`,
                expected: `at least ${WARN_DAYS} days`,
                next: path.includes("kubelet-client")
                    ? "see why kubelet does not rotate it: `journalctl -u kubelet` on the host"
                    : "renew it: `kubeadm certs renew all` on the host, then restart its static pods, one host at a time",
            });
        });
}
