package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.sip.transport.RemoteAddress;
import io.seatline.sip.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** Places in all, and a share of them. */
class PlacesTest {
    private static RemoteAddress source(String address) throws UnknownHostException {
        return new RemoteAddress(new InetSocketAddress(InetAddress.getByName(address), 5060), Transport.UDP);
    }

    @Test
    void oneSource_hasItsShare_andNoMoreThanThereAreInAll() throws UnknownHostException {
        var places = new Places(5, 2);
        var one = source("192.0.2.1");
        assertThat(places.take(one)).isTrue();
        assertThat(places.take(one)).isTrue();
        assertThat(places.take(one)).isFalse();
        assertThat(places.free()).isEqualTo(3);
        for (var i = 2; i < 5; i++) {
            assertThat(places.take(source("192.0.2." + i))).isTrue();
        }
        assertThat(places.take(source("192.0.2.9"))).isFalse();
        places.giveBack(one);
        assertThat(places.take(source("192.0.2.9"))).isTrue();
        places.giveBack(one);
        assertThat(places.take(one)).isTrue();
        assertThat(places.free()).isZero();
    }
}
