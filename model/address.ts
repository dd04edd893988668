import * as ipaddr from "ipaddr.js";
import { z } from "zod";

/** An IPv4 address in dotted form, for example `10.89.0.21`. */
export const addressSchema = z.string().refine((text) => ipaddr.IPv4.isValidFourPartDecimal(text), {
    error: ({ input }) => `"${String(input)}" is not an IPv4 address; write four numbers, for example 10.89.0.21`,
});

/** A network in CIDR form. */
export class Cidr {
    private constructor(
        private readonly network: ipaddr.IPv4,
        readonly prefix: number,
    ) {}

    /** @throws RangeError naming the text and the notation, also when host bits are set */
    static parse(text: string): Cidr {
        if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) {
            throw new RangeError(`"${text}" is not an IPv4 network; write for example 10.244.0.0/16`);
        }
        const [address, prefix] = ipaddr.IPv4.parseCIDR(text);
        const network = ipaddr.IPv4.networkAddressFromCIDR(text);
        if (network.toString() !== address.toString()) {
            throw new RangeError(`"${text}" has host bits set; write ${network.toString()}/${prefix}`);
        }
        return new Cidr(network, prefix);
    }

    contains(address: string): boolean {
        return ipaddr.IPv4.parse(address).match(this.network, this.prefix);
    }

    overlaps(other: Cidr): boolean {
        return this.contains(other.network.toString()) || other.contains(this.network.toString());
    }

    /** The address `offset` places after the network's own; kubeadm gives the API service offset 1. */
    addressAt(offset: number): string {
        const bytes = this.network.toByteArray();
        const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0) + offset;
        return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
    }

    toString(): string {
        return `${this.network.toString()}/${this.prefix}`;
    }
}

/** A network in a configuration file. */
export const cidrSchema = z.string().transform((text, context) => {
    try {
        return Cidr.parse(text);
    } catch (error) {
        context.addIssue({ code: "custom", message: (error as Error).message });
        return z.NEVER;
    }
});

/** A network setting that may be left out. */
export const cidrWithDefault = (text: string) => z.string().default(text).pipe(cidrSchema);
