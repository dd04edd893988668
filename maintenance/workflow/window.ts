const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
type Day = (typeof DAYS)[number];

/** When maintenance may begin with a host: minutes since midnight in the zone; an end before the start is the next day's. */
export interface Window {
    readonly text: string;
    /** Days on which it opens. */
    readonly days: readonly Day[];
    readonly opens: number;
    readonly closes: number;
    /** IANA name. */
    readonly zone: string;
}

const NOTATION = /^(\S+) (\d{2}):(\d{2})-(\d{2}):(\d{2}) (\S+)$/;
const DAY_PART = new RegExp(`^(${DAYS.join("|")})(-(${DAYS.join("|")}))?$`);

/**
 * Reads for example `Mon-Fri 22:00-05:00 Europe/Berlin`, `Sat,Sun 00:00-24:00 UTC` or `daily 01:00-04:00 UTC`.
 * @throws RangeError naming the text, what is wrong and the notation
 */
export function parseWindow(text: string): Window {
    const [, days = "", opensHour, opensMinute, closesHour, closesMinute, zone = ""] = NOTATION.exec(text) ?? [];
    const opens = Number(opensHour) * 60 + Number(opensMinute);
    const closes = Number(closesHour) * 60 + Number(closesMinute);
    const fail = (what: string) =>
        new RangeError(`"${text}" is not a window: ${what}; write for example "Mon-Fri 22:00-05:00 Europe/Berlin"`);
    if (zone === "") throw fail("days, hours and time zone are needed");
    if (opens >= 24 * 60 || closes > 24 * 60 || Number(opensMinute) > 59 || Number(closesMinute) > 59) {
        throw fail("hours go from 00:00 to 24:00");
    }
    if (opens === closes) throw fail("it opens and closes at the same time");
    const parsed = parseDays(days);
    if (parsed === undefined) throw fail(`"${days}" names no days`);
    if (!isZone(zone)) throw fail(`"${zone}" is no time zone`);
    return { text, days: parsed, opens, closes, zone };
}

/** Whether the window is open at this moment; its end does not belong to it. */
export function isOpen({ days, opens, closes, zone }: Window, at: Date): boolean {
    const { day, minutes } = localTime(at, zone);
    const yesterday = DAYS[(DAYS.indexOf(day) + 6) % 7] as Day;
    if (opens < closes) return days.includes(day) && minutes >= opens && minutes < closes;
    return (days.includes(day) && minutes >= opens) || (days.includes(yesterday) && minutes < closes);
}

function parseDays(text: string): Day[] | undefined {
    if (text === "daily") return [...DAYS];
    const parts = text.split(",");
    if (!parts.every((part) => DAY_PART.test(part))) return undefined;
    return parts.flatMap((part) => {
        const [from, to] = part.split("-") as [Day, Day?];
        const start = DAYS.indexOf(from);
        const count = to === undefined ? 1 : ((DAYS.indexOf(to) - start + 7) % 7) + 1;
        return Array.from({ length: count }, (_, index) => DAYS[(start + index) % 7] as Day);
    });
}

function isZone(zone: string): boolean {
    try {
        new Intl.DateTimeFormat("en-US", { timeZone: zone });
        return true;
    } catch {
        return false;
    }
}

function localTime(at: Date, zone: string): { day: Day; minutes: number } {
    const format = new Intl.DateTimeFormat("en-US", {
        timeZone: zone,
        weekday: "short",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
    });
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return { day: parts.weekday as Day, minutes: Number(parts.hour) * 60 + Number(parts.minute) };
}
