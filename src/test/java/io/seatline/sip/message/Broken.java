package io.seatline.sip.message;

import io.seatline.support.Drawn;
import java.io.ByteArrayOutputStream;
import java.util.random.RandomGenerator;

/**
 * A message with a few bytes flipped, taken out, written twice or put in, or without its end: at the worst nothing at
 * all.
 */
record Broken(byte[] bytes) {
    static Broken of(byte[] message, RandomGenerator random) {
        var bytes = message;
        for (var i = Drawn.between(random, 1, 4); i > 0 && bytes.length > 0; i--) {
            bytes = mutated(bytes, random);
        }
        return new Broken(bytes);
    }

    private static byte[] mutated(byte[] bytes, RandomGenerator random) {
        var at = Drawn.between(random, 0, bytes.length - 1);
        var length = Math.min(bytes.length - at, Drawn.between(random, 1, 20));
        var out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        switch (random.nextInt(5)) {
            case 0 -> {
                out.write(bytes[at] ^ 1 << random.nextInt(8));
                out.write(bytes, at + 1, bytes.length - at - 1);
            }
            case 1 -> out.write(bytes, at + length, bytes.length - at - length);
            case 2 -> {
                out.write(bytes, at, length);
                out.write(bytes, at, bytes.length - at);
            }
            case 3 -> {
                out.write("\r\n\0\"\\<>;,:@%= \t*\u007f\u00ff".charAt(random.nextInt(18)));
                out.write(bytes, at, bytes.length - at);
            }
            default -> {}
        }
        return out.toByteArray();
    }

    /** The bytes, readable: what is no printable ASCII as a number, and a line for each line. */
    static String shown(byte[] bytes) {
        var text = new StringBuilder();
        for (var octet : bytes) {
            if (octet >= ' ' && octet < 127) {
                text.append((char) octet);
            } else {
                text.append("[%02x]".formatted(octet)).append(octet == '\n' ? "\n" : "");
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return shown(bytes);
    }
}
