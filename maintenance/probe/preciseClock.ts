/** Milliseconds since 1970, to a tenth; monotonic, so that a corrected clock neither makes nor hides an outage. */
export function preciseNow(): number {
    return Math.round((performance.timeOrigin + performance.now()) * 10) / 10;
}
