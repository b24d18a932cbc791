package io.seatline.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.seatline.support.TestLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whose connections count together; how many there may be is tested over the wire. */
@Tag("pure")
class OpenConnectionsTest {
    @Test
    void sources_countByIpv4AddressAndByIpv6NetworkOf64() throws IOException {
        var limits = new TestLimits().perSource(1).build();
        try (var connections = new OpenConnections("tcp", "127.0.0.1:5060", limits, new SimpleMeterRegistry())) {
            var first = from(connections, "2001:db8:0:1::1");
            assertThat(connections.add(first)).isTrue();
            assertThat(connections.add(from(connections, "2001:db8:0:1:ffff:ffff:ffff:ffff")))
                    .isFalse();
            assertThat(connections.add(from(connections, "2001:db8:0:2::1"))).isTrue();
            assertThat(connections.add(from(connections, "192.0.2.1"))).isTrue();
            assertThat(connections.add(from(connections, "::ffff:192.0.2.1"))).isFalse();
            assertThat(connections.add(from(connections, "192.0.2.2"))).isTrue();
            connections.remove(first);
            connections.remove(first);
            assertThat(connections.add(from(connections, "2001:db8:0:1::2"))).isTrue();
            assertThat(connections.add(from(connections, "2001:db8:0:1::3"))).isFalse();
        }
    }

    private static Connection from(OpenConnections connections, String address) throws IOException {
        var source =
                new RemoteAddress(new InetSocketAddress(InetAddress.getAllByName(address)[0], 5060), Transport.TCP);
        return new Connection(connections, (message, from, reply) -> {}, source) {
            @Override
            protected void write(List<Outgoing> batch) {}

            @Override
            protected void disconnect() {}
        };
    }
}
