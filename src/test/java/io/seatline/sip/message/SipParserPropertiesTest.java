package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.sip.message.SipMessage.Malformed;
import io.seatline.sip.message.SipMessage.Unanswerable;
import io.seatline.support.Drawn;
import io.seatline.support.Property;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What holds for every request, however it is written, broken or cut. */
@Tag("pure")
class SipParserPropertiesTest {
    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.77", 4321);
    private static final List<byte[]> TORTURE = TortureMessages.all();

    @Test
    void register_writtenInAnyWay_isReadBack() {
        Property.holds(RandomRegister::new, SipParserPropertiesTest::assertReadBack);
    }

    private static void assertReadBack(RandomRegister register) {
        var message = Summary.parse(register.bytes);

        assertThat(message).isInstanceOf(SipRequest.class);
        var request = (SipRequest) message;
        assertThat(request.method()).isEqualTo("REGISTER");
        assertParty(request.from(), register.from);
        assertParty(request.to(), register.to);
        assertThat(request.callId()).isEqualTo(register.callId);
        assertThat(request.sequence()).isEqualTo(register.sequence);
        assertThat(request.wildcardContact()).isEqualTo(register.wildcard);
        assertThat(request.expires()).isEqualTo(optional(register.expires));
        assertThat(request.userAgent()).isEqualTo(register.userAgent);
        assertThat(request.require()).isEqualTo(register.require);
        assertThat(request.via()).isEqualTo(new Via("UDP", "192.0.2.1", 5060, register.branches.getFirst(), true));
        assertThat(request.contacts()).hasSameSizeAs(register.places);
        for (var i = 0; i < register.places.size(); i++) {
            assertContact(request.contacts().get(i), register.places.get(i));
        }
        assertThat(request.authorizations().stream().map(SipParserPropertiesTest::parameters))
                .isEqualTo(register.credentials);
    }

    private static void assertParty(NameAddress read, RandomRegister.Party written) {
        assertThat(read.tag()).isEqualTo(written.tag());
        assertUri(read.uri(), written.user(), written.host(), written.port());
    }

    private static void assertContact(Contact read, RandomRegister.Place written) {
        assertUri(read.uri(), written.user(), written.host(), written.port());
        assertThat(read.expires()).isEqualTo(optional(written.expires()));
        assertThat(read.regId()).isEqualTo(optional(written.regId()));
        assertThat(read.q()).isEqualTo(optional(written.q()));
        assertThat(read.instance()).isEqualTo(written.instance());
    }

    private static void assertUri(SipUri read, String user, String host, int port) {
        assertThat(read.scheme()).isEqualTo("sip");
        assertThat(read.user()).isEqualTo(user);
        assertThat(read.host()).isEqualTo(host);
        assertThat(read.port()).isEqualTo(port);
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private static Map<String, String> parameters(DigestCredentials read) {
        var parameters = new TreeMap<String, String>();
        putIfThere(parameters, "username", read.username());
        putIfThere(parameters, "realm", read.realm());
        putIfThere(parameters, "nonce", read.nonce());
        putIfThere(parameters, "uri", read.uri());
        putIfThere(parameters, "response", read.response());
        putIfThere(parameters, "algorithm", read.algorithm());
        putIfThere(parameters, "cnonce", read.cnonce());
        putIfThere(parameters, "opaque", read.opaque());
        putIfThere(parameters, "qop", read.qop());
        putIfThere(parameters, "nc", read.nc());
        return parameters;
    }

    private static void putIfThere(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    @Test
    void brokenMessage_neverThrows_andItsAnswerHasNoLineOfItsMaking() {
        Property.holds(2_000, SipParserPropertiesTest::broken, SipParserPropertiesTest::assertHarmless);
    }

    private static void assertHarmless(Broken broken) {
        var message = Summary.parse(broken.bytes());

        var headers = switch (message) {
            case SipRequest request -> request.answerHeaders();
            case Malformed malformed -> malformed.headers();
            case Unanswerable dropped -> null;
        };
        if (headers != null) {
            var answer = new String(SipResponse.to(headers, 400, "Bad").bytes(SOURCE, "ours"), UTF_8);
            var lines = answer.split("\r\n", -1);
            assertThat(answer).endsWith("Content-Length: 0\r\n\r\n").doesNotContainPattern("[^\r]\n|\r[^\n]");
            assertThat(lines).filteredOn(line -> line.startsWith("SIP/2.0 ")).hasSize(1);
            assertThat(Arrays.copyOfRange(lines, 1, lines.length - 2))
                    .allMatch(line -> line.matches("(?s)(Via|From|To|Call-ID|CSeq|Content-Length): .*"));
        }
    }

    private static Broken broken(RandomGenerator random) {
        return Broken.of(
                random.nextBoolean() ? new RandomRegister(random).bytes : TORTURE.get(random.nextInt(TORTURE.size())),
                random);
    }

    /**
     * What comes over a connection.
     *
     * @param lengths of the pieces it comes in
     */
    private record Stream(byte[] bytes, List<Integer> lengths) {
        @Override
        public String toString() {
            return Broken.shown(bytes) + "\nin pieces of " + lengths;
        }
    }

    @Test
    void stream_cutAnywhere_givesTheSame() {
        Property.holds(
                SipParserPropertiesTest::stream,
                stream -> assertThat(events(stream.bytes(), stream.lengths()))
                        .isEqualTo(events(stream.bytes(), List.of(stream.bytes().length))));
    }

    private static Stream stream(RandomGenerator random) {
        var stream = new ByteArrayOutputStream();
        for (var i = Drawn.between(random, 0, 4); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> stream.writeBytes("\r\n\r\n".getBytes(UTF_8));
                case 1 -> stream.writeBytes("\r\n".getBytes(UTF_8));
                case 2 -> stream.writeBytes(broken(random).bytes());
                default -> stream.writeBytes(withBody(new RandomRegister(random).bytes, Drawn.between(random, 0, 300)));
            }
        }
        // byte by byte, in small pieces, or in large ones
        var longest = Drawn.oneOf(random, 1, 3, 400);
        var lengths = new ArrayList<Integer>();
        for (var left = stream.size(); left > 0; left -= lengths.getLast()) {
            lengths.add(Math.min(left, Drawn.between(random, 1, longest)));
        }
        return new Stream(stream.toByteArray(), lengths);
    }

    private static byte[] withBody(byte[] message, int length) {
        var head = new String(message, UTF_8).replaceAll("(?im)^(l|content-length)[ \\t]*:\\s*0[ \\t]*\r\n", "");
        return (head.substring(0, head.length() - 2) + "Content-Length: " + length + "\r\n\r\n" + "\r".repeat(length))
                .getBytes(UTF_8);
    }

    private static List<String> events(byte[] bytes, List<Integer> lengths) {
        var framer = new StreamFramer();
        var events = new ArrayList<String>();
        var at = 0;
        for (var length : lengths) {
            framer.feed(bytes, at, length);
            at += length;
            for (var event = framer.next(); event != null; event = framer.next()) {
                events.add(
                        switch (event) {
                            case StreamFramer.Event.Ping ping -> "ping";
                            case StreamFramer.Event.Message(var message) -> Summary.of(message);
                            case StreamFramer.Event.Broken(var message) -> "broken: " + Summary.of(message);
                        });
            }
        }
        return events;
    }
}
