/** Time as the program sees it, so that tests need not wait. */
export interface Clock {
    /** What is told to people and other machines. It jumps when it is corrected, and when the machine has slept. */
    now(): Date;
    /**
     * Whole milliseconds since some moment, for what must last so long: no correction moves them, and on Linux they stand still while
     * the machine sleeps (CLOCK_MONOTONIC in clock_gettime(2)).
     */
    monotonic(): number;
    pause(milliseconds: number): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
    now: () => new Date(),
    monotonic: () => Math.floor(performance.now()),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
