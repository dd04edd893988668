/** Any number does: each question has a socket of its own. */
const ID = 0x7175;
const RECURSION_DESIRED = 0x0100;
const TYPE_A = 1;
const CLASS_IN = 1;

/** A DNS question for the IPv4 addresses of a name, as one UDP packet (RFC 1035, 4.1). */
export function dnsQuery(name: string): Buffer {
    const header = [ID, RECURSION_DESIRED, 1, 0, 0, 0].flatMap(bytes);
    const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label, "ascii")]);
    return Buffer.from([...header, ...labels, 0, ...bytes(TYPE_A), ...bytes(CLASS_IN)]);
}

function bytes(word: number): [number, number] {
    return [word >> 8, word & 0xff];
}
