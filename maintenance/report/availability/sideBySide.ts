/** Where something lies among others at the same time. */
export interface Placed {
    /** From 0. */
    readonly track: number;
    /** Tracks that are needed while it lasts. */
    readonly tracks: number;
}

interface Timed {
    readonly start: number;
    readonly end: number;
}

/** Gives what overlaps in time a track each, and leaves all room to what is alone. Sorted by start. Pure. */
export function sideBySide<T extends Timed>(spans: readonly T[]): (T & Placed)[] {
    const groups: { end: number; tracks: number[]; members: { span: T; track: number }[] }[] = [];
    for (const span of spans.toSorted((left, right) => left.start - right.start)) {
        let group = groups.at(-1);
        if (group === undefined || group.end <= span.start) groups.push((group = { end: 0, tracks: [], members: [] }));
        const free = group.tracks.findIndex((end) => end <= span.start);
        const track = free === -1 ? group.tracks.length : free;
        group.tracks[track] = span.end;
        group.end = Math.max(group.end, span.end);
        group.members.push({ span, track });
    }
    return groups.flatMap(({ tracks, members }) =>
        members.map(({ span, track }) => ({ ...span, track, tracks: tracks.length })),
    );
}
