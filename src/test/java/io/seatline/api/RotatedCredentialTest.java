package io.seatline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.operator.Credentials;
import io.seatline.support.Await;
import io.seatline.support.ConsoleClient;
import io.seatline.support.TestServer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is opened with a credential at the very moment at which it gets another password, or goes, ends with it. */
@Tag("slow")
@SuppressWarnings("NullAway.Init")
final class RotatedCredentialTest {
    /** How many open something at a time: fewer than the failures that are too many. */
    private static final int OPENERS = 8;

    /** How much each of them has opened on average when the credential changes. */
    private static final int BEFORE = 5;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.operator("changing", "changing", "the first");
        server.customer("changing", "123", null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private interface Change {
        boolean of(Handle handle);
    }

    @Test
    void staffLinks_madeWhileThePasswordChanges_openNothing() throws Exception {
        for (var round = 0; round < 2; round++) {
            var old = round == 0 ? "the first" : "password " + round;
            var next = "password " + (round + 1);
            var links = opened(() -> link(old), 201, rotated(next)).stream()
                    .map(answer ->
                            TestServer.json(answer).at("/data/attributes/uri").asString())
                    .toList();
            assertThat(links)
                    .hasSizeGreaterThan(OPENERS)
                    .allSatisfy(
                            link -> assertThat(browse(link, "").statusCode()).isEqualTo(410));
        }
        rotate("the first");
    }

    @Test
    void staff_signingInWhileThePasswordChanges_isOut() throws Exception {
        for (var round = 0; round < 2; round++) {
            var old = round == 0 ? "the first" : "password " + round;
            assertSignedOut(opened(
                    () -> ConsoleClient.login(server, "changing", old), 303, rotated("password " + (round + 1))));
        }
        rotate("the first");
    }

    @Test
    void staff_signingInWhileTheCredentialIsRevoked_isOut() throws Exception {
        server.operator("leaving", "leaving", "password");
        assertSignedOut(opened(
                () -> ConsoleClient.login(server, "leaving", "password"),
                303,
                handle -> Credentials.revoke(handle, "leaving", TestServer.TEST)));
    }

    private static Change rotated(String password) {
        return handle -> Credentials.rotate(handle, "changing", password, TestServer.TEST);
    }

    private static void rotate(String password) {
        change(rotated(password));
    }

    private static void change(Change change) {
        assertThat(server.environment().database().jdbi().inTransaction(change::of))
                .isTrue();
    }

    private static HttpResponse<String> link(String password) {
        return server.as("changing", password).post("/customer_admin_sessions", """
                {"data": {"type": "customer_admin_sessions",
                    "relationships": {"customer": {"data": {"type": "customers", "id": "123"}}}}}""");
    }

    /** What many opened, one after the other, until the change let them no more: the answers with {@code success}. */
    private static List<HttpResponse<String>> opened(Supplier<HttpResponse<String>> opening, int success, Change change)
            throws Exception {
        var soFar = new AtomicInteger();
        // up, because the change failed
        var given = new AtomicBoolean();
        try (var openers = Executors.newFixedThreadPool(OPENERS)) {
            var all = new ArrayList<Future<List<HttpResponse<String>>>>();
            Callable<List<HttpResponse<String>>> opener = () -> {
                var answers = new ArrayList<HttpResponse<String>>();
                var answer = opening.get();
                for (; answer.statusCode() == success && !given.get(); answer = opening.get()) {
                    answers.add(answer);
                    soFar.incrementAndGet();
                }
                assertThat(given.get() ? 401 : answer.statusCode())
                        .as(answer.body())
                        .isEqualTo(401);
                return answers;
            };
            for (var i = 0; i < OPENERS; i++) {
                all.add(openers.submit(opener));
            }
            Await.until(() -> soFar.get() >= OPENERS * BEFORE);
            try {
                change(change);
            } catch (RuntimeException | Error e) {
                given.set(true);
                throw e;
            }
            var answers = new ArrayList<HttpResponse<String>>();
            for (var one : all) {
                answers.addAll(one.get());
            }
            return answers;
        }
    }

    private static void assertSignedOut(List<HttpResponse<String>> entries) {
        assertThat(entries).hasSizeGreaterThan(OPENERS).allSatisfy(entry -> {
            var answer = browse(server.url() + "/console", ConsoleClient.cookie(entry));
            assertThat(answer.headers().firstValue("Location")).contains("/console/login");
        });
    }

    private static HttpResponse<String> browse(String address, String cookie) {
        return server.sendTo(URI.create(address), "GET", null, "Authorization", "", "Cookie", cookie);
    }
}
