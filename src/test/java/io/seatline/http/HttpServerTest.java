package io.seatline.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.seatline.jsonapi.ApiException;
import io.seatline.support.Await;
import io.seatline.support.Promptness;
import io.seatline.support.RawConnection;
import io.seatline.support.Within;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A port, with limits that are soon reached. */
class HttpServerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String HOLD = "GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger held = new AtomicInteger();

    private HttpServer server(int connections, int perSource, Duration limit, String... proxies) throws IOException {
        List<IPAddress> trusted = List.of(proxies).stream()
                .map(text -> new IPAddressString(text).getAddress())
                .toList();
        return new HttpServer(
                new HttpServer.Options(
                        "test",
                        "",
                        ServerSocketChannel.open().bind(new InetSocketAddress(0)),
                        Optional.empty(),
                        false,
                        limit,
                        Duration.ofSeconds(5),
                        connections,
                        perSource),
                new ClientAddress(trusted),
                List.of(this::answer),
                (exchange, nanos) -> {});
    }

    private HttpServer server(int connections, int perSource, String... proxies) throws IOException {
        return server(connections, perSource, Duration.ofSeconds(20), proxies);
    }

    private boolean answer(Exchange exchange) {
        switch (exchange.path()) {
            case "/hold" -> {
                held.incrementAndGet();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case "/read" -> {
                held.incrementAndGet();
                try {
                    exchange.body();
                } catch (ApiException e) {
                    exchange.status(e.errors().getFirst().status());
                }
            }
            case "/large" -> {
                var large = new byte[64 * 1024];
                exchange.stream(out -> {
                    for (var i = 0; i < 1_000; i++) {
                        out.write(large);
                    }
                });
                return true;
            }
            default -> {}
        }
        exchange.send("answer".getBytes(UTF_8));
        return true;
    }

    private static RawConnection from(String address, HttpServer server) throws IOException {
        return new RawConnection(
                new Socket(InetAddress.getLoopbackAddress(), server.port(), InetAddress.getByName(address), 0));
    }

    private static void answers(RawConnection connection) throws IOException {
        assertThat(connection.exchange(GET).body()).isEqualTo("answer");
    }

    @Test
    void connections_ofOneSource_giveWayToItsNewOnes_theLongestIdleFirst() throws Exception {
        try (var server = server(100, 3);
                var first = from("127.0.0.2", server);
                var second = from("127.0.0.2", server);
                var third = from("127.0.0.2", server);
                var other = from("127.0.0.3", server)) {
            for (var connection : List.of(other, second, first, third)) {
                answers(connection);
                // idle a moment after its answer, and clearly before the next
                Thread.sleep(100);
            }
            try (var fourth = from("127.0.0.2", server)) {
                answers(fourth);
                assertThat(second.isClosed()).isTrue();
                for (var connection : List.of(other, first, third, fourth)) {
                    answers(connection);
                }
            }
        }
    }

    /** All phones and browsers may come by way of it. */
    @Test
    void connections_ofATrustedProxy_areAsManyAsThereMayBe() throws IOException {
        try (var server = server(100, 3, "127.0.0.2")) {
            var open = new ArrayList<RawConnection>();
            for (var i = 0; i < 10; i++) {
                open.add(from("127.0.0.2", server));
            }
            for (var connection : open) {
                answers(connection);
                connection.close();
            }
        }
    }

    @Test
    void connections_thatTakeAllPlaces_giveWayToNewOnes_whateverSourceTheyHave() throws IOException {
        try (var server = server(4, 4)) {
            var open = new ArrayList<RawConnection>();
            for (var i = 0; i < 4; i++) {
                var connection = from("127.0.0." + (i + 2), server);
                // one of them says nothing, and one not all
                if (i == 1) {
                    connection.write("GET / HTTP/1.1\r\nHost: l".getBytes(ISO_8859_1));
                } else if (i > 1) {
                    answers(connection);
                }
                open.add(connection);
            }
            for (var i = 0; i < 20; i++) {
                try (var newcomer = from("127.0.0.1", server)) {
                    answers(newcomer);
                }
            }
            assertThat(open.getFirst().isClosed()).isTrue();
            for (var connection : open) {
                connection.close();
            }
        }
    }

    @Test
    void requestsInWork_keepTheirPlaces() throws IOException {
        try (var server = server(3, 3);
                var first = from("127.0.0.2", server);
                var second = from("127.0.0.2", server)) {
            hold(first, second);
            for (var i = 0; i < 5; i++) {
                // the one before has its answer, and may be in work for a moment more
                Await.until(() -> {
                    try (var newcomer = from("127.0.0.2", server)) {
                        answers(newcomer);
                        return true;
                    } catch (IOException e) {
                        return false;
                    }
                });
            }
            released.countDown();
            assertThat(first.read(false).body()).isEqualTo("answer");
            assertThat(second.read(false).body()).isEqualTo("answer");
        }
    }

    @Test
    void newcomer_whileAllHaveRequestsInWork_isClosed() throws IOException {
        try (var server = server(2, 2);
                var first = from("127.0.0.2", server);
                var second = from("127.0.0.3", server)) {
            hold(first, second);
            try (var newcomer = from("127.0.0.1", server)) {
                assertThat(newcomer.isClosed()).isTrue();
            }
            released.countDown();
            assertThat(first.read(false).body()).isEqualTo("answer");
            assertThat(second.read(false).body()).isEqualTo("answer");
        }
    }

    private void hold(RawConnection... connections) throws IOException {
        for (var connection : connections) {
            connection.write(HOLD.getBytes(ISO_8859_1));
        }
        Await.until(() -> held.get() == connections.length);
    }

    // how long

    @Test
    @Within(seconds = 10)
    void bodyThatTrickles_is408_andTheConnectionCloses() throws Exception {
        try (var server = server(10, 10, Duration.ofSeconds(1));
                var connection = from("127.0.0.1", server)) {
            connection.write(
                    "POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n".getBytes(ISO_8859_1));
            var trickle = Thread.ofVirtual().start(() -> {
                try {
                    for (var i = 0; i < 1_000; i++) {
                        connection.write(new byte[1]);
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException e) {
                    // cut off, as it should be
                }
            });
            var answer = connection.read(false);
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.header("Connection")).isEqualTo("close");
            trickle.interrupt();
        }
    }

    @Test
    @Within(seconds = 10)
    void bodyThatDoesNotCome_is408_andTheConnectionCloses() throws Exception {
        try (var server = server(10, 10, Duration.ofSeconds(1));
                var connection = from("127.0.0.1", server)) {
            var answer =
                    connection.exchange("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");
            assertThat(answer.status()).isEqualTo(408);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    /** What a client was sending when the server was told to stop, is taken as long as running requests may take. */
    @Test
    void stop_leavesNobodyWaiting_whoConnectsAtThatMoment() throws Exception {
        for (var i = 0; i < 100; i++) {
            var server = server(100, 100);
            var port = server.port();
            var answered = new CountDownLatch(1);
            var client = CompletableFuture.runAsync(
                    () -> {
                        while (isAnswered(port)) {
                            answered.countDown();
                        }
                    },
                    task -> Thread.ofPlatform().start(task));
            answered.await();
            server.close();
            client.get(20, TimeUnit.SECONDS);
        }
    }

    /** Whether there is an answer, and no end of the connection before it. */
    private static boolean isAnswered(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(GET.getBytes(UTF_8));
            return socket.getInputStream().read() != -1;
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void bodyOnItsWay_whenTheServerStops_isStillRead() throws Exception {
        try (var server = server(10, 10);
                var idle = from("127.0.0.1", server);
                var connection = from("127.0.0.1", server)) {
            answers(idle);
            connection.write(
                    "POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf-".getBytes(ISO_8859_1));
            Await.until(() -> held.get() == 1);
            var stop = Thread.ofVirtual().start(server::close);
            assertThat(idle.isClosed()).isTrue();
            // longer than the library itself gives them
            Thread.sleep(1_500);
            assertThat(stop.isAlive()).isTrue();
            connection.write("whole".getBytes(ISO_8859_1));
            var answer = connection.read(false);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("answer");
            assertThat(answer.header("Connection")).isEqualTo("close");
            Promptness.within("the end of a server that has answered all", Duration.ofSeconds(2), stop::join);
        }
    }

    @Test
    @Within(seconds = 15)
    void answerThatIsReadByTheByte_isCutShort() throws Exception {
        try (var server = server(10, 10, Duration.ofSeconds(1));
                var socket = new Socket()) {
            socket.setReceiveBufferSize(4 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            socket.getOutputStream().write("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
            var in = socket.getInputStream();
            for (var i = 0; i < 30; i++) {
                assertThat(in.readNBytes(10)).hasSize(10);
                Thread.sleep(100);
            }
            var read = 0L;
            var buffer = new byte[64 * 1024];
            try {
                for (var length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    read += length;
                }
            } catch (IOException e) {
                // cut off, as it should be
            }
            assertThat(read).isLessThan(64_000_000);
        }
    }
}
