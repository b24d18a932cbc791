package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountSettings;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.SipAnswer;
import io.seatline.support.TestServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An unknown user, a wrong password, a forbidden address and a blocked source cannot be told apart from outside. */
@Tag("slow")
@Isolated("compares how long answers take")
class RefusalsAlikeTest {
    private static final String WRONG = "wrong-horse-battery";

    @SuppressWarnings("NullAway.Init")
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private record Kind(String name, Supplier<Phone> phone) {}

    private List<Kind> kinds() {
        var known = AccountSettings.generateUsername();
        var blockedUser = AccountSettings.generateUsername();
        var closed = AccountSettings.generateUsername();
        var strict = AccountSettings.generateUsername();
        for (var name : List.of(known, blockedUser, closed, strict)) {
            server.account("test", TestServer.plain(UUID.randomUUID().toString(), "123", name));
        }
        server.database()
                .run("UPDATE sip_accounts SET use_allowed_ips = true, version = new_version() WHERE username = '"
                        + closed + "'");
        // MD5 proves the right password at some of them, which they do not tell.
        server.database()
                .run("UPDATE sip_accounts SET require_sha256 = true, version = new_version() WHERE username IN ('"
                        + String.join("', '", strict, closed, blockedUser) + "')");
        server.database()
                .run("INSERT INTO blocked_sources (id, account_id, source, expires_at) SELECT gen_random_uuid(), id,"
                        + " '127.0.0.11', now() + interval '1 hour' FROM sip_accounts WHERE username = '" + blockedUser
                        + "'");
        return List.of(
                new Kind(
                        "unknown user",
                        () -> Phone.from("127.0.0.11", server, AccountSettings.generateUsername(), WRONG)),
                new Kind("wrong password", () -> Phone.from("127.0.0.12", server, known, WRONG)),
                new Kind(
                        "wrong password where MD5 is forbidden", () -> Phone.from("127.0.0.12", server, strict, WRONG)),
                new Kind("wrong address", () -> Phone.from("127.0.0.11", server, closed, PhoneAccount.PASSWORD)),
                new Kind("blocked", () -> Phone.from("127.0.0.11", server, blockedUser, PhoneAccount.PASSWORD)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-256", "MD5"})
    void refusals_haveTheSameBytes(String algorithm) {
        var answers = kinds().stream()
                .map(kind -> {
                    try (var phone = kind.phone().get()) {
                        var answer = phone.registers(algorithm);
                        var text = answer.text()
                                .replaceAll("nonce=\"[^\"]*\"", "nonce")
                                .replaceAll("tag=[0-9a-f]+", "tag")
                                .replaceAll("(?m)^(Via|From|To|Call-ID): .*$", "$1");
                        return text
                                + SipAnswer.parameter(answer.challenge("MD5").orElseThrow(), "nonce")
                                        .length();
                    }
                })
                .distinct()
                .toList();
        assertThat(answers).singleElement().asString().startsWith("SIP/2.0 401 Unauthorized\r\n");
    }

    /** That one of two samples is the larger, for all pairs: a half, when they come from the same distribution. */
    private static double probabilityOfLarger(List<Long> ones, List<Long> others) {
        var larger = 0.0;
        for (var one : ones) {
            for (var other : others) {
                larger += one > other ? 1 : one.equals(other) ? 0.5 : 0;
            }
        }
        return larger / ones.size() / others.size();
    }

    /**
     * Refusals leave together, so that those who wait for them ask again together: the kinds have to be mixed among
     * them.
     */
    private static List<Integer> inAnyOrder(int kinds) {
        var order = new ArrayList<>(IntStream.range(0, kinds).boxed().toList());
        Collections.shuffle(order);
        return order;
    }

    @Test
    void refusals_takeTheSameTime() throws Exception {
        var kinds = kinds();
        var samples = 120;
        var times = kinds.stream().map(_ -> new ArrayList<Long>()).toList();
        try (var threads = Executors.newFixedThreadPool(12)) {
            var rounds = IntStream.range(0, samples)
                    .<Callable<long[]>>mapToObj(_ -> () -> {
                        var took = new long[kinds.size()];
                        for (var kind : inAnyOrder(kinds.size())) {
                            try (var phone = kinds.get(kind).phone().get()) {
                                var challenge = phone.register().send();
                                var message = phone.register()
                                        .answering(challenge, "MD5", 1)
                                        .text();
                                var begin = System.nanoTime();
                                assertThat(phone.send(message).status()).isEqualTo(401);
                                took[kind] = System.nanoTime() - begin;
                            }
                        }
                        return took;
                    })
                    .toList();
            for (var round : threads.invokeAll(rounds)) {
                for (var i = 0; i < kinds.size(); i++) {
                    times.get(i).add(round.get()[i]);
                }
            }
        }
        // The standard error with 120 of each is 0.037.
        for (var i = 1; i < kinds.size(); i++) {
            assertThat(probabilityOfLarger(times.getFirst(), times.get(i)))
                    .as(kinds.getFirst().name() + " against " + kinds.get(i).name())
                    .isBetween(0.35, 0.65);
        }
    }
}
