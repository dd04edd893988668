import { z } from "zod";

const role = z.enum(["worker", "control-plane", "load-balancer"]);

/** Written into the journal, so a resumed run reads the plan of its first start. */
export const rebootPlanSchema = z.object({
    /** One after the other; the hosts of one step go together. */
    steps: z.array(z.object({ role, hosts: z.array(z.string()).min(1) })),
    /** Hosts that were asked for and are left alone, with the reason. */
    skipped: z.array(z.object({ host: z.string(), why: z.string() })),
});

/** Who is rebooted, in which order. Plain data: printed by `--dry-run`, executed by the run, compared in tests. */
export type RebootPlan = z.output<typeof rebootPlanSchema>;
export type RebootStep = RebootPlan["steps"][number];

/** All hosts of a plan, in their order. */
export function plannedHosts({ steps }: RebootPlan): string[] {
    return steps.flatMap(({ hosts }) => hosts);
}
