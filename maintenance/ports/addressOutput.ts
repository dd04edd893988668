import { z } from "zod";

const interfacesSchema = z.array(
    z.object({
        ifname: z.string().default(""),
        addr_info: z.array(z.object({ local: z.string().optional() })).default([]),
    }),
);

/**
 * Interfaces that have the address, from `ip -j -4 addr show to ADDRESS`. On the loopback interface an address serves nobody
 * new. @throws when the text is not that
 */
export function interfacesWith(address: string, text: string): string[] {
    return interfacesSchema
        .parse(JSON.parse(text))
        .filter(({ addr_info }) => addr_info.some(({ local }) => local === address))
        .map(({ ifname }) => ifname);
}
