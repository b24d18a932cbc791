package io.seatline.support;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.seatline.sip.transport.ConnectionLimits;
import io.seatline.sip.transport.StreamTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A TCP transport in a process of its own: prints its port and runs until it is killed. */
public final class SipTransportProgram {
    private SipTransportProgram() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var transport = StreamTransport.tcp(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new SipAnswers(),
                ConnectionLimits.usual(Duration.ofHours(2)).withConnections(1_000),
                new SimpleMeterRegistry());
        System.out.println(transport.port());
        Thread.currentThread().join();
    }
}
