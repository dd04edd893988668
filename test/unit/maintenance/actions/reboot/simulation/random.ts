/** Numbers that a seed decides (mulberry32), so that every run can be repeated. */
export interface Random {
    /** From 0 up to, not including, 1. */
    next(): number;
    /** From `low` to `high`, both included. */
    between(low: number, high: number): number;
    chance(share: number): boolean;
    pick<T>(items: readonly T[]): T;
}

export function random(seed: number): Random {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
    return {
        next,
        between: (low, high) => low + Math.floor(next() * (high - low + 1)),
        chance: (share) => next() < share,
        pick: (items) => items[Math.floor(next() * items.length)]!,
    };
}
