package io.seatline.registration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountSettings;
import io.seatline.account.SipAccounts;
import io.seatline.environment.Config;
import io.seatline.environment.ConfigSource;
import io.seatline.environment.Environment;
import io.seatline.operator.Operators;
import io.seatline.support.Await;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.Program;
import io.seatline.support.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a phone was told is so: kill -9 of the server and of its PostgreSQL, under load, loses no registration that had
 * its 200.
 */
@Order(1)
@Tag("slow")
class RegistrationDurabilityTest {
    private static final int PHONES = 24;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private Process running;

    private int sipPort;

    @BeforeAll
    static void unpack() throws IOException {
        Program.dataDirectory(directory);
    }

    /** By Call-ID, the highest CSeq that had a 200. */
    private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();

    private void serve() throws IOException {
        running = new Program(Program.settings(directory))
                .process("serve")
                .redirectErrorStream(true)
                .start();
        var reader = new BufferedReader(new InputStreamReader(running.getInputStream(), UTF_8));
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.contains("SIP registrar")) {
                sipPort = Integer.parseInt(line.replaceFirst(".* port ([0-9]+) .*", "$1"));
            }
            if (line.contains("curl ")) {
                break;
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        running.destroy();
        assertThat(running.waitFor(15, TimeUnit.SECONDS)).isTrue();
    }

    private Environment environment() {
        var environment = new java.util.HashMap<String, String>();
        Program.settings(directory)
                .forEach((key, value) -> environment.put(
                        "SEATLINE_" + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_'), value));
        return Environment.open(Config.read(ConfigSource.of(environment)), false);
    }

    private List<String> accounts() {
        var names = IntStream.range(0, PHONES)
                .mapToObj(_ -> AccountSettings.generateUsername())
                .toList();
        try (var environment = environment();
                var accounts = new SipAccounts(environment.database().jdbi(), environment.accountPasswords())) {
            var operator = environment
                    .database()
                    .jdbi()
                    .withHandle(handle ->
                            Operators.find(handle, "demo").orElseThrow().id());
            names.forEach(name -> assertThat(accounts.create(
                            operator, TestServer.plain(UUID.randomUUID().toString(), "123", name), TestServer.TEST))
                    .isInstanceOf(SipAccounts.Creation.Created.class));
        }
        return names;
    }

    /** Phones that register again and again, and note what they were told, until {@code over}. */
    private List<Thread> load(List<String> names, AtomicBoolean over) {
        return names.stream()
                .map(name -> Thread.ofVirtual().start(() -> {
                    try (var phone = new Phone("127.0.0.1", "127.0.0.1", sipPort, name, PhoneAccount.PASSWORD)) {
                        while (!over.get()) {
                            register(phone);
                        }
                    }
                }))
                .toList();
    }

    private void register(Phone phone) {
        phone.sendOnly(phone.register().text());
        phone.receive(500).filter(answer -> answer.status() == 401).ifPresent(challenge -> {
            phone.sendOnly(phone.register().answering(challenge, "SHA-256", 1).text());
            phone.receive(2000)
                    .filter(answer -> answer.status() == 200)
                    .ifPresent(answer -> acknowledged.merge(
                            answer.header("Call-ID").orElseThrow(),
                            Integer.parseInt(answer.header("CSeq").orElseThrow().replace(" REGISTER", "")),
                            Math::max));
        });
    }

    private void assertNothingLost() {
        assertThat(acknowledged).hasSizeGreaterThan(PHONES / 2);
        try (var environment = environment()) {
            var stored = new ConcurrentHashMap<String, Integer>();
            environment
                    .database()
                    .jdbi()
                    .useHandle(handle -> handle.createQuery("SELECT call_id, cseq FROM bindings")
                            .map((row, context) -> Map.entry(row.getString(1), row.getInt(2)))
                            .forEach(row -> stored.put(row.getKey(), row.getValue())));
            acknowledged.forEach((callId, sequence) ->
                    assertThat(stored.getOrDefault(callId, 0)).as(callId).isGreaterThanOrEqualTo(sequence));
        }
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (var thread : threads) {
            thread.join();
        }
    }

    @Test
    void serverKilled_keepsEveryRegistrationThatHadIts200() throws Exception {
        serve();
        var names = accounts();
        for (var round = 0; round < 2; round++) {
            var over = new AtomicBoolean();
            var phones = load(names, over);
            Await.until(() ->
                    acknowledged.values().stream().mapToInt(Integer::intValue).sum() > PHONES * 20);
            running.destroyForcibly().waitFor();
            over.set(true);
            join(phones);
            serve();
            assertNothingLost();
            acknowledged.clear();
        }
    }

    @Test
    void postgresKilled_keepsEveryRegistrationThatHadIts200_andTheRegistrarGoesOn() throws Exception {
        serve();
        var names = accounts();
        var over = new AtomicBoolean();
        var phones = load(names, over);
        Await.until(
                () -> acknowledged.values().stream().mapToInt(Integer::intValue).sum() > PHONES * 20);
        var postmaster = Long.parseLong(Files.readAllLines(directory.resolve("data/postgres/postmaster.pid"))
                .getFirst()
                .strip());
        ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();
        Thread.sleep(200);
        var before = Map.copyOf(acknowledged);
        Await.until(() -> names.size()
                <= acknowledged.entrySet().stream()
                        .filter(now -> now.getValue() > before.getOrDefault(now.getKey(), 0) + 4)
                        .count());
        over.set(true);
        join(phones);
        assertNothingLost();
    }
}
