const SUFFIXES: Readonly<Record<string, number>> = {
    "": 1,
    m: 1e-3,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
};

/** The amount that a Kubernetes quantity such as `500m` or `1Gi` stands for; undefined when it is none. */
export function amountOf(quantity: string): number | undefined {
    const [, digits, suffix] = /^(\d+(?:\.\d+)?)(m|k|[MGT]i?|Ki)?$/.exec(quantity) ?? [];
    const factor = SUFFIXES[suffix ?? ""];
    return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
