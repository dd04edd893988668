const suffixes: Readonly<Record<string, number>> = {
    n: 1e-9,
    u: 1e-6,
    m: 1e-3,
    "": 1,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    P: 1e15,
    E: 1e18,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    Pi: 2 ** 50,
    Ei: 2 ** 60,
};

/** The amount of a quantity such as 500m or 1Gi; undefined when it is none. */
export function quantity(value: unknown): number | undefined {
    const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(String(value));
    const factor = suffixes[match?.[2] ?? ""];
    const amount = Number(match?.[1]);
    return match === null || factor === undefined || Number.isNaN(amount) ? undefined : amount * factor;
}

/** Members below these hold quantities, which the API server may write in another way. */
const quantityPath = /(?:^|\.)(?:limits|requests|hard|capacity|sizeLimit|default|defaultRequest|max|min)(?:[.[]|$)/;

/** True when two values at the path are the same amount written differently. */
export function sameQuantity(path: string, left: unknown, right: unknown): boolean {
    if (!quantityPath.test(path)) return false;
    const amount = quantity(left);
    return amount !== undefined && amount === quantity(right);
}
