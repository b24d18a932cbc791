package io.seatline.registration;

import static io.seatline.registration.BlockedSourceType.BLOCKED_SOURCES;
import static io.seatline.registration.RegistrationType.REGISTRATIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.jsonapi.ListRequest;
import io.seatline.listing.Scope;
import io.seatline.support.TestServer;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A statement about registrations sees and changes nothing outside its scope, whatever its caller looked at before. */
@Tag("sql")
final class ScopeTest {
    private static final UUID ANNA = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID BLOCK = UUID.fromString("00000000-0000-4000-9000-000000000001");

    private static TestServer server;
    private static Registrations registrations;
    private static Blocks blocks;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
        server.customer("test", "124", null);
        server.account("test", TestServer.plain(ANNA.toString(), "123", "anna"));
        server.operator("other", "other", "password");
        server.customer("other", "123", null);
        registrations = new Registrations(server.environment().database().jdbi());
        blocks = new Blocks(server.environment().database().jdbi());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void register() {
        server.database().run("""
                        DELETE FROM bindings; DELETE FROM refusals; DELETE FROM blocked_sources;
                        INSERT INTO bindings (account_id, contact, id, call_id, cseq, source, source_port, transport, expires_at)
                        VALUES ('%1$s', 'sip:desk@192.0.2.17', '%1$s', 'c', 1, '192.0.2.17', 5060, 'UDP', now() + interval '1 h');
                        INSERT INTO refusals (account_id, operator_id, reason, source, source_port, transport, times)
                        SELECT id, operator_id, 'wrong_password', '192.0.2.18', 5060, 'UDP', 1 FROM sip_accounts;
                        INSERT INTO blocked_sources (id, account_id, source, expires_at)
                        VALUES ('%2$s', '%1$s', '192.0.2.19/32', now() + interval '1 h')
                        """.formatted(ANNA, BLOCK));
    }

    static Stream<Scope> own() {
        var operatorId = server.operatorId("test");
        return Stream.of(Scope.operator(operatorId), Scope.customer(operatorId, "123"));
    }

    static Stream<Scope> others() {
        var operatorId = server.operatorId("other");
        return Stream.of(
                Scope.customer(server.operatorId("test"), "124"),
                Scope.operator(operatorId),
                Scope.customer(operatorId, "123"));
    }

    /** How many registrations, refusals and blocks there are by each statement that shows some. */
    private static String seen(Scope scope) {
        var each = new ArrayList<Registration>();
        registrations.forEach(scope, Optional.of(ANNA), each::add);
        return (registrations.hasAccount(scope, ANNA) ? "an account, " : "no account, ")
                + registrations.list(scope, ANNA, ListRequest.of(REGISTRATIONS)).recordCount()
                + each.size()
                + server.environment().database().jdbi().withHandle(handle -> Registrations.count(handle, scope))
                + registrations.refusals(scope, ANNA).size()
                + blocks.list(scope, ListRequest.of(BLOCKED_SOURCES)).recordCount()
                + blocks.all(scope).size()
                + blocks.count(scope, 10)
                + blocks.find(scope, BLOCK).stream().count();
    }

    private static String left() {
        return server.text("SELECT (SELECT count(*) FROM bindings) || ' ' || (SELECT count(*) FROM blocked_sources)");
    }

    @ParameterizedTest
    @MethodSource("own")
    void statement_ofItsScope_seesAndChanges(Scope own) {
        assertThat(seen(own)).isEqualTo("an account, 11111111");
        assertThat(registrations.kick(own, ANNA, ANNA.toString(), TestServer.TEST))
                .isTrue();
        assertThat(registrations.kickAll(own, ANNA, TestServer.TEST)).contains(0);
        assertThat(blocks.unblock(own, ANNA, BLOCK, TestServer.TEST)).isTrue();
        assertThat(left()).isEqualTo("0 0");
    }

    @ParameterizedTest
    @MethodSource("others")
    void statement_ofAnotherScope_seesAndChangesNothing(Scope other) {
        assertThat(seen(other)).isEqualTo("no account, 00000000");
        assertThat(registrations.kick(other, ANNA, ANNA.toString(), TestServer.TEST))
                .isFalse();
        assertThat(registrations.kickAll(other, ANNA, TestServer.TEST)).isEmpty();
        assertThat(blocks.unblock(other, BLOCK, TestServer.TEST)).isFalse();
        assertThat(blocks.unblock(other, ANNA, BLOCK, TestServer.TEST)).isFalse();
        assertThat(blocks.unblockAccount(other, ANNA, TestServer.TEST)).isZero();
        assertThat(blocks.unblockAll(other, TestServer.TEST)).isZero();
        assertThat(left()).isEqualTo("1 1");
    }
}
