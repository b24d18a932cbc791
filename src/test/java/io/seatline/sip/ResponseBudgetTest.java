package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.sip.transport.RemoteAddress;
import io.seatline.sip.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** How many answers a source of datagrams has. */
class ResponseBudgetTest {
    private final ResponseBudget budget = new ResponseBudget();

    private static RemoteAddress source(String address, Transport transport) throws UnknownHostException {
        return new RemoteAddress(new InetSocketAddress(InetAddress.getByName(address), 5060), transport);
    }

    /** How many answers a source gets at once. */
    private int answers(RemoteAddress source) {
        var answers = 0;
        while (answers < 100_000 && budget.spend(source)) {
            answers++;
        }
        return answers;
    }

    @Test
    void source_hasSoMany_andAsManyAgainForWhatItShowsToReceive() throws UnknownHostException {
        var forged = source("192.0.2.1", Transport.UDP);
        assertThat(answers(forged)).isBetween(500, 520);
        assertThat(answers(source("192.0.2.2", Transport.UDP))).as("another").isBetween(500, 520);
        for (var i = 0; i < 100; i++) {
            budget.earn(forged);
        }
        assertThat(answers(forged)).isBetween(500, 520);
    }

    @Test
    void sources_ofOneNetworkOfIpv6_areOne() throws UnknownHostException {
        assertThat(answers(source("2001:db8:0:1::1", Transport.UDP))).isBetween(500, 520);
        assertThat(answers(source("2001:db8:0:1:ffff::2", Transport.UDP))).isLessThan(20);
        assertThat(answers(source("2001:db8:0:2::1", Transport.UDP))).isBetween(500, 520);
    }

    /** They have been received, or there were no connection. */
    @Test
    void connections_haveNoLimit() throws UnknownHostException {
        assertThat(answers(source("192.0.2.1", Transport.TCP))).isEqualTo(100_000);
    }
}
