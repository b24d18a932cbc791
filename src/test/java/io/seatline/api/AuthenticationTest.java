package io.seatline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.operator.Credentials;
import io.seatline.operator.Operators;
import io.seatline.support.Await;
import io.seatline.support.TestServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do anything at all. */
@Tag("slow")
@SuppressWarnings("NullAway.Init")
class AuthenticationTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void credential(String username, String password) {
        server.environment()
                .database()
                .jdbi()
                .useTransaction(handle -> Credentials.add(
                        handle, Operators.find(handle, "test").orElseThrow(), username, password, TestServer.TEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic ",
                "Basic !!!!",
                "Basic dXNlcm5hbWU=",
                "Basic gICA",
                "Basic AAAA",
                "Bearer abc",
                "Digest username=\"username\""
            })
    void request_withoutReadableCredentials_is401(String authorization) {
        var response = server.get("/customers", "Authorization", authorization);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic realm=\""));
        assertThat(response.body())
                .isEqualTo(
                        "{\"errors\":[{\"title\":\"Authentication failed\",\"detail\":\"Incorrect login or password.\","
                                + "\"code\":\"401\",\"status\":\"401\",\"source\":{\"header\":\"Authorization\"}}]}");
    }

    @Test
    void request_withAWrongUsernameOrPassword_isToldTheSame() {
        var unknown = server.as("nobody", "password").get("/customers");
        var wrong = server.as("username", "wrong").get("/customers");
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo(unknown.body());
        assertThat(wrong.headers().map().keySet())
                .isEqualTo(unknown.headers().map().keySet());
    }

    @Test
    void scheme_isReadInAnyLetters() {
        var header = TestServer.basic("username", "password").replace("Basic", "bAsIc");
        assertThat(server.get("/customers", "Authorization", header).statusCode())
                .isEqualTo(200);
    }

    @Test
    void unknownPath_withoutCredentials_is401() {
        assertThat(server.get("/nothing", "Authorization", "").statusCode()).isEqualTo(401);
        assertThat(server.get("/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void tenFailures_ofOneLogin_are429_andNobodyElseIsLockedOut() {
        credential("victim", "the victim's password");
        credential("bystander", "the bystander's password");
        var guesses = new ArrayList<HttpResponse<String>>();
        for (var i = 0; i < 11; i++) {
            guesses.add(server.as("victim", "guess " + i).get("/customers"));
        }
        assertThat(guesses.subList(0, 10)).allMatch(guess -> guess.statusCode() == 401);
        assertThat(guesses.getLast().statusCode()).isEqualTo(429);
        assertThat(guesses.getLast().headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(200L, 301L);
        assertThat(TestServer.json(guesses.getLast()).at("/errors/0/title").asString())
                .isEqualTo("Too many requests");
        assertThat(server.as("victim", "the victim's password")
                        .get("/customers")
                        .statusCode())
                .as("a right guess is not told from a wrong one")
                .isEqualTo(429);
        assertThat(server.as("bystander", "the bystander's password")
                        .get("/customers")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void guesses_atTheSameTime_areCountedExactly() throws Exception {
        credential("rushed", "the rushed one's password");
        try (var guessers = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<Integer>>();
            for (var i = 0; i < 30; i++) {
                var guess = "guess " + i;
                tasks.add(() -> server.as("rushed", guess).get("/customers").statusCode());
            }
            var statuses = new ArrayList<Integer>();
            for (var future : guessers.invokeAll(tasks)) {
                statuses.add(future.get());
            }
            assertThat(statuses).filteredOn(status -> status == 401).hasSize(10);
            assertThat(statuses).filteredOn(status -> status == 429).hasSize(20);
        }
    }

    @Test
    void guesses_ofManyUsernamesFromOneSource_areLimitedTogether_howeverManyAtATime() throws Exception {
        try (var attacked = TestServer.empty(Map.of("trusted.proxies", "127.0.0.0/8"));
                var guessers = Executors.newFixedThreadPool(8)) {
            var tasks = new ArrayList<Callable<Integer>>();
            for (var i = 0; i < 130; i++) {
                var username = "user-" + i;
                tasks.add(() -> attacked.as(username, "guess")
                        .get("/customers", "X-Forwarded-For", "192.0.2.1")
                        .statusCode());
            }
            var statuses = new ArrayList<Integer>();
            for (var future : guessers.invokeAll(tasks)) {
                statuses.add(future.get());
            }
            assertThat(statuses).filteredOn(status -> status == 401).hasSize(100);
            assertThat(statuses).filteredOn(status -> status == 429).hasSize(30);
            assertThat(attacked.get("/customers", "X-Forwarded-For", "192.0.2.1:4711")
                            .statusCode())
                    .as("some proxies name the port too")
                    .isEqualTo(429);
            assertThat(attacked.get("/customers", "X-Forwarded-For", "[2001:db8::1]:4711")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(attacked.get("/customers", "X-Forwarded-For", "fe80::1%eth0")
                            .statusCode())
                    .as("a zone is no address: the proxy itself is meant")
                    .isEqualTo(200);
        }
    }

    /** Hashes take turns with everything else: whoever comes meanwhile is answered, on a connection that is new. */
    @Test
    void guesses_fromEverywhere_keepNobodyFromBeingAnswered() throws Exception {
        try (var attacked = TestServer.empty(Map.of("trusted.proxies", "127.0.0.0/8"));
                var guessers = Executors.newFixedThreadPool(8)) {
            var guesses = new ArrayList<Future<HttpResponse<String>>>();
            for (var i = 0; i < 24; i++) {
                var guesser = i;
                guesses.add(guessers.submit(() -> attacked.as("user-" + guesser, "guess")
                        .get("/customers", "X-Forwarded-For", "192.0.2." + guesser)));
            }
            var answered = 0;
            while (answered < 200 && !guesses.stream().allMatch(Future::isDone)) {
                assertThat(attacked.exchange(
                                "GET /console/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 200 ");
                answered++;
            }
            for (var guess : guesses) {
                assertThat(guess.get().statusCode()).isEqualTo(401);
            }
            assertThat(answered).as("answers beside 24 guesses").isEqualTo(200);
        }
    }

    @Test
    void failures_areCountedBySource_whichOnlyATrustedProxyCanName() {
        try (var behindProxy = TestServer.empty(Map.of("trusted.proxies", "127.0.0.0/8"))) {
            for (var i = 0; i < 10; i++) {
                behindProxy.as("username", "guess").get("/customers", "X-Forwarded-For", "6.6.6.6, 192.0.2.66");
            }
            assertThat(behindProxy
                            .get("/customers", "X-Forwarded-For", "192.0.2.66")
                            .statusCode())
                    .isEqualTo(429);
            assertThat(behindProxy
                            .get("/customers", "X-Forwarded-For", "192.0.2.66, 192.0.2.1")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(behindProxy
                            .get("/customers", "X-Forwarded-For", "::ffff:192.0.2.66")
                            .statusCode())
                    .isEqualTo(429);
            for (var i = 0; i < 10; i++) {
                behindProxy.as("username", "guess").get("/customers", "X-Forwarded-For", "2001:db8:1:2::" + i);
            }
            assertThat(behindProxy
                            .get("/customers", "X-Forwarded-For", "2001:db8:1:2:ffff::1")
                            .statusCode())
                    .as("a /64 is one source")
                    .isEqualTo(429);
            assertThat(behindProxy
                            .get("/customers", "X-Forwarded-For", "2001:db8:1:3::1")
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(server.get("/customers", "X-Forwarded-For", "192.0.2.66").statusCode())
                .as("no proxy is trusted: the header is nothing")
                .isEqualTo(200);
    }

    @Test
    void credential_changedAtOneNode_countsAtOnceAtTheOther() {
        credential("shared", "the first password");
        var other = server.another();
        try {
            assertThat(other.as("shared", "the first password")
                            .get("/customers")
                            .statusCode())
                    .isEqualTo(200);
            server.environment()
                    .database()
                    .jdbi()
                    .useTransaction(
                            handle -> Credentials.rotate(handle, "shared", "the second password", TestServer.TEST));
            Await.until(() ->
                    other.as("shared", "the first password").get("/customers").statusCode() == 401);
            assertThat(other.as("shared", "the second password")
                            .get("/customers")
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            other.stop();
        }
    }

    @Test
    void credential_revokedWhileNotificationsAreDown_isRefused() {
        credential("unheard", "the unheard one's password");
        assertThat(server.as("unheard", "the unheard one's password")
                        .get("/customers")
                        .statusCode())
                .isEqualTo(200);
        // The trigger is away and so is the listener's connection: nobody tells the server.
        server.database().run("ALTER TABLE credentials DISABLE TRIGGER credentials_changed");
        try {
            server.database().run("DELETE FROM credentials WHERE username = 'unheard'");
            server.database()
                    .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE application_name = 'seatline notifications' AND datname = current_database()");
            Await.until(() -> server.as("unheard", "the unheard one's password")
                            .get("/customers")
                            .statusCode()
                    == 401);
        } finally {
            server.database().run("ALTER TABLE credentials ENABLE TRIGGER credentials_changed");
        }
    }
}
