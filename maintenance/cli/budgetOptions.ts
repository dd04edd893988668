import type { Option } from "commander";
import type { Duration } from "../../model/duration";
import { durationOption, numberOption } from "./optionValues";

/** What a measurement is judged by: over the first two it is over budget, beyond the others it proves nothing. */
export interface BudgetOptions {
    readonly budgetFailed: number;
    readonly budgetOutage?: Duration;
    readonly minRate: number;
    readonly maxStall: Duration;
}

/** The options for it: the same, with the same defaults, for `quorate probe` and for the runs that start it. */
export function budgetOptions(): Option[] {
    return [
        numberOption("--budget-failed <count>", "failed requests allowed", { whole: true }, 0),
        durationOption(
            "--budget-outage <duration>",
            "longest time allowed from a failure to the next success, for each target",
        ),
        numberOption(
            "--min-rate <share>",
            "share of the planned requests that must be sent, else invalid",
            { upTo: 1 },
            0.98,
        ),
        durationOption("--max-stall <duration>", "how long the prober itself may stand still, else invalid", "500ms"),
    ];
}
