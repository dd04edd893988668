/** Kubernetes' suffixes (k8s.io/apimachinery/pkg/api/resource, Quantity). */
const FACTORS: Readonly<Record<string, number>> = {
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

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i|)$/;

/** What a Kubernetes quantity such as `100m`, `1.5` or `16Mi` stands for, in its base unit; undefined when it is none. */
export function amountOf(quantity: string): number | undefined {
    const [, number, suffix] = QUANTITY.exec(quantity) ?? [];
    const factor = FACTORS[suffix ?? "?"];
    return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

/** The same for text that must be one. @throws RangeError naming the text */
export function parseQuantity(text: string): number {
    const amount = amountOf(text);
    if (amount !== undefined) return amount;
    throw new RangeError(`"${text}" is no Kubernetes quantity; expected a number such as 100m, 1.5 or 16Mi`);
}
