package io.seatline.sip.transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * STUN binding requests (RFC 8489), which phones send to the SIP port to keep their way through a NAT open and to see
 * whether it has changed (RFC 5626 section 4.4.2). Stateless, and an answer is little longer than its request.
 */
final class Stun {
    private static final int HEADER = 20;
    private static final int BINDING_REQUEST = 0x0001;
    private static final int BINDING_SUCCESS = 0x0101;
    private static final int BINDING_ERROR = 0x0111;
    private static final int COOKIE = 0x2112A442;
    private static final int MAPPED_ADDRESS = 0x0001;
    private static final int ERROR_CODE = 0x0009;
    private static final int UNKNOWN_ATTRIBUTES = 0x000A;
    private static final int XOR_MAPPED_ADDRESS = 0x0020;

    /** Attributes from here on may be ignored. */
    private static final int OPTIONAL = 0x8000;

    private static final int IPV4 = 1;
    private static final int IPV6 = 2;

    private Stun() {}

    /** Whether a datagram is of STUN: SIP begins with a letter or a line end. */
    static boolean isStun(byte[] datagram, int length) {
        return length >= HEADER && datagram[0] >= 0 && datagram[0] < 4;
    }

    /** The answer to a binding request; empty for what is none. */
    static Optional<byte[]> answer(byte[] datagram, int length, InetSocketAddress sender) {
        var request = ByteBuffer.wrap(datagram, 0, length);
        if (request.getShort() != BINDING_REQUEST || request.getShort() != length - HEADER) {
            return Optional.empty();
        }
        var transaction = new byte[HEADER - Integer.BYTES];
        request.get(transaction);
        return firstUnknown(request)
                .map(unknown -> unknown < 0 ? success(transaction, sender) : unknownAttribute(transaction, unknown));
    }

    /** The first attribute that must be understood and is not; -1 when there is none; empty when they are cut off. */
    private static Optional<Integer> firstUnknown(ByteBuffer attributes) {
        while (attributes.remaining() >= Integer.BYTES) {
            var type = Short.toUnsignedInt(attributes.getShort());
            var padded = (Short.toUnsignedInt(attributes.getShort()) + 3) & ~3;
            if (padded > attributes.remaining()) {
                return Optional.empty();
            }
            if (type < OPTIONAL) {
                return Optional.of(type);
            }
            attributes.position(attributes.position() + padded);
        }
        return attributes.hasRemaining() ? Optional.empty() : Optional.of(-1);
    }

    private static byte[] success(byte[] transaction, InetSocketAddress sender) {
        var address = sender.getAddress().getAddress();
        var isCurrent = ByteBuffer.wrap(transaction).getInt() == COOKIE;
        var port = sender.getPort();
        if (isCurrent) {
            // against NATs that rewrite every address they find (RFC 8489 section 14.2)
            port ^= COOKIE >>> 16;
            for (var i = 0; i < address.length; i++) {
                address[i] ^= transaction[i];
            }
        }
        var value = ByteBuffer.allocate(Integer.BYTES + address.length)
                .putShort((short) (address.length == Integer.BYTES ? IPV4 : IPV6))
                .putShort((short) port)
                .put(address);
        return message(BINDING_SUCCESS, transaction, isCurrent ? XOR_MAPPED_ADDRESS : MAPPED_ADDRESS, value.array());
    }

    /** 420, and which it is (RFC 8489 section 6.3.1). */
    private static byte[] unknownAttribute(byte[] transaction, int type) {
        var error = message(BINDING_ERROR, transaction, ERROR_CODE, new byte[] {0, 0, 4, 20});
        var unknown = ByteBuffer.allocate(2 * Integer.BYTES)
                .putShort((short) UNKNOWN_ATTRIBUTES)
                .putShort((short) Short.BYTES)
                .putShort((short) type);
        var both = ByteBuffer.allocate(error.length + unknown.capacity())
                .put(error)
                .put(unknown.array());
        return both.putShort(Short.BYTES, (short) (both.capacity() - HEADER)).array();
    }

    private static byte[] message(int type, byte[] transaction, int attribute, byte[] value) {
        return ByteBuffer.allocate(HEADER + Integer.BYTES + value.length)
                .putShort((short) type)
                .putShort((short) (Integer.BYTES + value.length))
                .put(transaction)
                .putShort((short) attribute)
                .putShort((short) value.length)
                .put(value)
                .array();
    }
}
