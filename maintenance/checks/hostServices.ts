import { problem, type Check } from "./finding";

/** systemd runs what each role needs. */
export const hostServices: Check = {
    name: "host-services",
    title: "the services of every host are active",

    findings: ({ inventory, facts }) =>
        inventory.hosts.flatMap((host) => {
            const answer = facts.units[host.name];
            if (!answer?.answered) return [];
            return Object.entries(answer.value).flatMap(([unit, state]) => {
                if (state === "active") return [];
                return problem({
                    subject: host.name,
                    found: `${unit} is ${state}`,
                    expected: `${unit} active`,
                    next: `read \`journalctl -u ${unit}\` on the host, then \`systemctl start ${unit}\``,
                });
            });
        }),
};
