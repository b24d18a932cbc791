package io.seatline.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.seatline.sip.message.Contact;
import io.seatline.sip.message.DigestCredentials;
import io.seatline.sip.message.SipMessage;
import io.seatline.sip.message.SipParser;
import io.seatline.sip.message.SipRequest;
import io.seatline.sip.message.SipUri;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** Reads the REGISTER of a typical phone, and every field of it that a registrar uses. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
public class ParserBenchmark {
    private static final int PHONES = 1_000;

    /** One for each phone, so that nothing can be learnt by heart but what phones share: the domain, the model, the parameters' names. */
    private final byte[][] messages = new byte[PHONES][];

    private int next;

    /** The processor time that this thread had: what others take of the machine does not count. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Cpu {
        public long cpuNanos;
        public long messages;
        public long bytes;

        private long start;

        /** JMH itself begins each round with counters of zero. */
        @Setup(Level.Iteration)
        public void start() {
            start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }

        @TearDown(Level.Iteration)
        public void stop() {
            cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
        }
    }

    @Setup
    public void phones() {
        var random = new Random(1);
        for (var i = 0; i < PHONES; i++) {
            messages[i] = register(i, random).getBytes(US_ASCII);
        }
    }

    private static String register(int phone, Random random) {
        var address = "192.168." + phone / 250 + "." + (2 + phone % 250);
        var user = "1" + (100_000 + phone);
        return """
                REGISTER sip:sip.example.com SIP/2.0\r
                Via: SIP/2.0/UDP %s:5060;branch=z9hG4bK-%08x;rport\r
                Max-Forwards: 70\r
                From: <sip:%s@sip.example.com>;tag=%08x\r
                To: <sip:%s@sip.example.com>\r
                Call-ID: %016x@%s\r
                CSeq: %d REGISTER\r
                Contact: <sip:%s@%s:5060>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-%012x>";reg-id=1\r
                Authorization: Digest username="%s", realm="seatline", nonce="%016x%08x", uri="sip:sip.example.com", \
                response="%016x%016x", algorithm=MD5, cnonce="%08x", qop=auth, nc=%08x\r
                Expires: 3600\r
                Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, REFER, NOTIFY\r
                Supported: path, outbound\r
                User-Agent: ExamplePhone T46S 66.86.0.15\r
                Content-Length: 0\r
                \r
                """
                .formatted(
                        address,
                        random.nextInt(),
                        user,
                        random.nextInt(),
                        user,
                        random.nextLong(),
                        address,
                        1 + random.nextInt(1000),
                        user,
                        address,
                        random.nextLong() >>> 16,
                        user,
                        random.nextLong(),
                        random.nextInt(),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt(),
                        1 + random.nextInt(9));
    }

    @Benchmark
    public void register(Cpu cpu, Blackhole sink) {
        var bytes = messages[next];
        next = next + 1 == PHONES ? 0 : next + 1;
        read(SipParser.parse(bytes, 0, bytes.length), sink);
        cpu.messages++;
        cpu.bytes += bytes.length;
    }

    private static void read(SipMessage message, Blackhole sink) {
        if (!(message instanceof SipRequest request)) {
            throw new IllegalStateException(message.toString());
        }
        sink.consume(request.answerHeaders());
        sink.consume(request.method());
        read(request.uri(), sink);
        sink.consume(request.via().transport());
        sink.consume(request.via().host());
        sink.consume(request.via().port());
        sink.consume(request.via().branch());
        sink.consume(request.via().rport());
        read(request.from().uri(), sink);
        sink.consume(request.from().tag());
        read(request.to().uri(), sink);
        sink.consume(request.to().tag());
        sink.consume(request.callId());
        sink.consume(request.sequence());
        sink.consume(request.wildcardContact());
        sink.consume(request.expires());
        sink.consume(request.userAgent());
        sink.consume(request.require());
        for (var contact : request.contacts()) {
            read(contact, sink);
        }
        for (var credentials : request.authorizations()) {
            read(credentials, sink);
        }
    }

    private static void read(Contact contact, Blackhole sink) {
        read(contact.uri(), sink);
        sink.consume(contact.expires());
        sink.consume(contact.instance());
        sink.consume(contact.regId());
        sink.consume(contact.q());
    }

    private static void read(SipUri uri, Blackhole sink) {
        sink.consume(uri.scheme());
        sink.consume(uri.user());
        sink.consume(uri.host());
        sink.consume(uri.port());
        sink.consume(uri.transport());
        sink.consume(uri.text());
    }

    private static void read(DigestCredentials credentials, Blackhole sink) {
        sink.consume(credentials.username());
        sink.consume(credentials.realm());
        sink.consume(credentials.nonce());
        sink.consume(credentials.uri());
        sink.consume(credentials.response());
        sink.consume(credentials.algorithm());
        sink.consume(credentials.cnonce());
        sink.consume(credentials.opaque());
        sink.consume(credentials.qop());
        sink.consume(credentials.nc());
    }
}
