import Table from "cli-table3";
import type { Results, Way, WayResult } from "./results";
import type { Summary } from "./statistics";

const TITLES: Readonly<Record<Way, string>> = {
    kubeadm: "kubeadm by hand, one step after the other",
    quorate: "quorate, `pulumi up`; its phases overlap",
};

const COLUMNS = ["median", "min", "max"] as const;
const seconds = (value: number): string => value.toFixed(1);
const spread = (summary: Summary): string[] => COLUMNS.map((column) => seconds(summary[column]));

/** The results for people; all times in seconds. */
export function renderReport(results: Results): string {
    return [
        renderWay("kubeadm", results.kubeadm),
        renderWay("quorate", results.quorate),
        "The clock ends when all nodes are Ready and CoreDNS is available.",
        renderPreparation(results),
        renderRatio(results),
    ].join("\n\n");
}

function renderWay(way: Way, { phases, seconds: totals, ...total }: WayResult): string {
    const rounds = totals.map((_, index) => `round ${index + 1}`);
    const table = new Table({
        head: ["phase", "begins", ...rounds, ...COLUMNS],
        colAligns: ["left", ...Array<"right">(1 + rounds.length + COLUMNS.length).fill("right")],
        style: { head: [], border: [], compact: true },
    });
    for (const phase of phases) {
        const byRound = phase.seconds.map((value) => (value === null ? "-" : seconds(value)));
        table.push([phase.name, seconds(phase.startsAt), ...byRound, ...spread(phase)]);
    }
    table.push(["total", "", ...totals.map(seconds), ...spread(total)]);
    return `${TITLES[way]} (seconds)\n${table.toString()}`;
}

function renderPreparation({ kubeadm, quorate }: Results): string {
    const part = (what: string, key: keyof WayResult["preparation"]): string => {
        const [byHand, ours] = [kubeadm, quorate].map((way) => seconds(way.preparation[key].median));
        return `${what} ${byHand} before kubeadm, ${ours} before quorate`;
    };
    const parts = [part("new hosts", "hosts"), part("hosts, programs, containerd, load balancers", "components")];
    return `Not counted, medians: ${parts.join("; ")}.`;
}

function renderRatio({ ratio, targetRatio, rounds, kubeadm, quorate }: Results): string {
    const verdict = ratio <= targetRatio ? "met" : "missed";
    const medians = `${seconds(quorate.median)} / ${seconds(kubeadm.median)}`;
    const count = rounds === 1 ? "1 round" : `${rounds} rounds`;
    return `quorate / kubeadm, medians of ${count}: ${medians} = ${ratio.toFixed(2)}; target at most ${targetRatio}: ${verdict}`;
}
