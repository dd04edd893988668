/** A length of time as people say it: `840 ms`, `2.5 s`, `4 min 30 s`, `2 h 5 min`. */
export function lengthInWords(milliseconds: number): string {
    if (milliseconds < 10) return `${Math.round(milliseconds * 10) / 10} ms`;
    if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
    if (milliseconds < 60_000) return `${Math.round(milliseconds / 100) / 10} s`;
    const seconds = Math.round(milliseconds / 1000);
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
    return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** A count with thousands apart. */
export function countInWords(count: number): string {
    return count.toLocaleString("en-US");
}

/** `1 request`, `2 requests`. */
export function plural(count: number, noun: string): string {
    return `${countInWords(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Time of day in UTC, to the second. */
export function clockTime(time: number): string {
    return new Date(time).toISOString().slice(11, 19);
}

/** Time since the start as minutes and seconds: `2:05`, or `1:02:05`. */
export function elapsed(milliseconds: number): string {
    const seconds = Math.floor(milliseconds / 1000);
    const two = (value: number) => String(value).padStart(2, "0");
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
