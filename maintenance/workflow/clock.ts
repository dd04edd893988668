/** Time as the program sees it, so that tests need not wait. */
export interface Clock {
    now(): Date;
    pause(milliseconds: number): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
    now: () => new Date(),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
