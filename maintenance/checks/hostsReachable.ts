import { problem, type Check } from "./finding";

/** Every host of the inventory answers SSH with its pinned key. */
export const hostsReachable: Check = {
    name: "hosts-reachable",
    title: "every host answers SSH",

    findings: ({ inventory, facts }) =>
        inventory.hosts.flatMap((host) => {
            const answer = facts.units[host.name];
            if (answer === undefined || answer.answered) return [];
            return problem({
                subject: host.name,
                found: withoutName(answer.why, host.name),
                expected: `SSH as ${host.ssh.user} at ${host.address}:${host.ssh.port}`,
                next: "look at the host's console and power; nothing else about it could be asked over SSH",
            });
        }),
};

/** Errors of the SSH port begin with the host's name, and so does the sentence. */
function withoutName(why: string, host: string): string {
    return why.startsWith(`${host}: `) ? why.slice(host.length + 2) : why;
}
