import { amountOf } from "../../../model/quantity";

/** Members below these hold quantities, which the API server may write in another way. */
const quantityPath = /(?:^|\.)(?:limits|requests|hard|capacity|sizeLimit|default|defaultRequest|max|min)(?:[.[]|$)/;

/** True when two values at the path are the same amount written differently. */
export function sameQuantity(path: string, left: unknown, right: unknown): boolean {
    if (!quantityPath.test(path)) return false;
    const amount = amountOf(String(left));
    return amount !== undefined && amount === amountOf(String(right));
}
