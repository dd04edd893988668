import assert from "node:assert/strict";
import fc from "fast-check";
import { Cidr, addressSchema } from "../../../model/address";

const value = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const dotted = (number: number) => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
const size = (prefix: number) => 2 ** (32 - prefix);
const networks = fc
    .tuple(value, fc.integer({ min: 1, max: 32 }))
    .map(([number, prefix]) => ({ first: Math.floor(number / size(prefix)) * size(prefix), prefix }));
const text = ({ first, prefix }: { first: number; prefix: number }) => `${dotted(first)}/${prefix}`;

describe("an address", () => {
    for (const good of ["10.89.0.21", "0.0.0.0", "255.255.255.255"]) {
        it(`may be ${good}`, () => assert.equal(addressSchema.parse(good), good));
    }

    for (const bad of ["", "10.89.0", "10.89.0.256", "10.89.0.1/24", "::1", "host1", "010.0.0.1", " 10.0.0.1"]) {
        it(`cannot be "${bad}"`, () => {
            const { error } = addressSchema.safeParse(bad);
            assert.equal(
                error?.issues[0]?.message,
                `"${bad}" is not an IPv4 address; write four numbers, for example 10.89.0.21`,
            );
        });
    }
});

describe("a network", () => {
    it("is written as it was read", () => {
        fc.assert(
            fc.property(networks, (network) => assert.equal(Cidr.parse(text(network)).toString(), text(network))),
        );
    });

    it("with host bits is refused with the network that is meant", () => {
        assert.throws(() => Cidr.parse("10.244.3.9/16"), {
            name: "RangeError",
            message: '"10.244.3.9/16" has host bits set; write 10.244.0.0/16',
        });
        fc.assert(
            fc.property(networks, fc.nat(), (network, offset) => {
                fc.pre(offset % size(network.prefix) !== 0);
                const address = dotted(network.first + (offset % size(network.prefix)));
                assert.throws(() => Cidr.parse(`${address}/${network.prefix}`), {
                    message: `"${address}/${network.prefix}" has host bits set; write ${text(network)}`,
                });
            }),
        );
    });

    for (const bad of ["10.244.0.0", "10.244.0.0/33", "10.244.0.0/-1", "fd00::/8", "pods"]) {
        it(`cannot be "${bad}"`, () => {
            assert.throws(() => Cidr.parse(bad), {
                message: `"${bad}" is not an IPv4 network; write for example 10.244.0.0/16`,
            });
        });
    }

    it("contains its first and last address and not their neighbours", () => {
        fc.assert(
            fc.property(networks, (network) => {
                const cidr = Cidr.parse(text(network));
                const after = network.first + size(network.prefix);
                assert.ok(cidr.contains(dotted(network.first)));
                assert.ok(cidr.contains(dotted(after - 1)));
                if (network.first > 0) assert.ok(!cidr.contains(dotted(network.first - 1)));
                if (after < 2 ** 32) assert.ok(!cidr.contains(dotted(after)));
            }),
        );
    });

    it("overlaps another exactly when they share an address, whichever is asked", () => {
        // Small numbers, so that both answers are common.
        const small = fc
            .tuple(fc.nat(63), fc.integer({ min: 26, max: 32 }))
            .map(([number, prefix]) => ({ first: Math.floor(number / size(prefix)) * size(prefix), prefix }));
        fc.assert(
            fc.property(small, small, (left, right) => {
                const shared =
                    Math.max(left.first, right.first) <
                    Math.min(left.first + size(left.prefix), right.first + size(right.prefix));
                assert.equal(Cidr.parse(text(left)).overlaps(Cidr.parse(text(right))), shared);
                assert.equal(Cidr.parse(text(right)).overlaps(Cidr.parse(text(left))), shared);
            }),
        );
    });

    it("counts its addresses across byte borders", () => {
        assert.equal(Cidr.parse("10.96.0.0/12").addressAt(1), "10.96.0.1");
        assert.equal(Cidr.parse("10.96.0.0/12").addressAt(10), "10.96.0.10");
        assert.equal(Cidr.parse("10.96.0.0/12").addressAt(256), "10.96.1.0");
        assert.equal(Cidr.parse("200.0.0.0/8").addressAt(65536), "200.1.0.0");
    });
});
