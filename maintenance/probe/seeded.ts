/**
 * A number in [0, 1) that depends on nothing but seed, stream and index: the same run can be planned again, in any order.
 * Mixing as in MurmurHash3's finalizer (public domain, A. Appleby), applied to each part in turn.
 */
export function seeded(seed: number, stream: string, index: number): number {
    let state = mix(seed | 0);
    for (const character of stream) state = mix(state ^ (character.codePointAt(0) ?? 0));
    return (mix(mix(state ^ (index | 0)) + 0x9e3779b9) >>> 0) / 2 ** 32;
}

function mix(value: number): number {
    let mixed = value | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
}
