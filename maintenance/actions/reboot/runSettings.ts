import { z } from "zod";
import { durationSchema, type Duration } from "../../../model/duration";
import type { RebootSettings } from "./rebootScope";

const written = z.object({
    policy: z.enum(["block", "skip", "force"]),
    takeAddressBack: z.boolean(),
    deadlines: z.object({
        sessions: durationSchema,
        drain: durationSchema,
        volumes: durationSchema,
        boot: durationSchema,
        ready: durationSchema,
    }),
    window: z.string().optional(),
    hookBefore: z.string().optional(),
    hookAfter: z.string().optional(),
    route: z.object({ hostHeader: z.string().optional(), path: z.string() }).optional(),
});

/** What a run keeps to from its first start on, however often it is resumed. */
export interface RunSettings extends RebootSettings {
    /** In the notation of windows. */
    readonly window?: string | undefined;
    readonly hookBefore?: string | undefined;
    readonly hookAfter?: string | undefined;
    readonly route?: { readonly hostHeader?: string | undefined; readonly path: string } | undefined;
}

/** For the journal. */
export function writeSettings(settings: RunSettings): unknown {
    const deadlines = Object.entries(settings.deadlines) as [string, Duration][];
    return { ...settings, deadlines: Object.fromEntries(deadlines.map(([name, value]) => [name, value.toString()])) };
}

/** From the journal. @throws ZodError for the settings of another version */
export function readSettings(value: unknown): RunSettings {
    return written.parse(value);
}
