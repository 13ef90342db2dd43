package dev.patchbay.registry;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Optional;

/**
 * A network in CIDR notation (RFC 4632, RFC 4291).
 *
 * @param network its address, 4 or 16 bytes
 * @param bits how many of its bits count
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
record Cidr(byte[] network, int bits) {
    private static final int IPV4_BYTES = 4;
    /** Where an IPv4 address begins in an IPv6 one that stands for it (RFC 4291, section 2.5.5.2). */
    private static final int MAPPED_AT = 12;

    /** Reads the text form; empty if it is none. */
    static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(text.substring(0, slash));
        String bits = text.substring(slash + 1);
        if (address == null || !bits.matches("\\d{1,3}") || Integer.parseInt(bits) > address.length * 8) {
            return Optional.empty();
        }
        return Optional.of(new Cidr(address, Integer.parseInt(bits)));
    }

    boolean contains(byte[] address) {
        byte[] plain = unmapped(address);
        if (plain.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((plain[bit / 8] & mask) != (network[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private byte[] unmapped(byte[] address) {
        boolean mapped = network.length == IPV4_BYTES && address.length > IPV4_BYTES
                && address[10] == -1 && address[11] == -1
                && Arrays.equals(address, 0, 10, new byte[10], 0, 10);
        return mapped ? Arrays.copyOfRange(address, MAPPED_AT, address.length) : address;
    }
}
