package io.seatline.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.support.Await;
import io.seatline.support.Phone;
import io.seatline.support.PhoneAccount;
import io.seatline.support.SipAnswer;
import io.seatline.support.TestServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registration over UDP: RFC 3261 section 10, RFC 3581, RFC 7616, RFC 8760, RFC 5626. */
class RegistrarTest {

    @SuppressWarnings("NullAway.Init")
    private static TestServer server;

    private UUID account = new UUID(0, 0);
    private String username = "";

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        server.customer("test", "123", null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void account() {
        username = AccountSettings.generateUsername();
        account = UUID.randomUUID();
        assertThat(server.account("test", TestServer.plain(account.toString(), "123", username)))
                .isNotNull();
    }

    private Phone phone() {
        return Phone.at(server, username, PhoneAccount.PASSWORD);
    }

    private String attribute(String name) {
        return TestServer.json(server.get("/sip_device_routes/" + account))
                .at("/data/attributes/" + name)
                .asString("null");
    }

    // the challenge

    private static List<String> challenged(SipAnswer answer) {
        assertThat(answer.status()).isEqualTo(401);
        return answer.all("WWW-Authenticate").stream()
                .map(challenge -> challenge.replaceFirst(".*algorithm=([^,]+).*", "$1"))
                .toList();
    }

    @Test
    void register_ofAnAgentThatDoesSha256_isChallengedWithIt_andThenWithMd5() {
        try (var phone = phone()) {
            var answer = phone.register().send();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.all("WWW-Authenticate"))
                    .hasSize(2)
                    .allSatisfy(challenge -> assertThat(challenge)
                            .startsWith("Digest realm=\"seatline\", nonce=\"")
                            .contains("qop=\"auth\"")
                            .doesNotContain("stale"));
            assertThat(answer.all("WWW-Authenticate").getFirst()).contains("algorithm=SHA-256,");
            assertThat(answer.all("WWW-Authenticate").getLast()).contains("algorithm=MD5,");
            assertThat(answer.header("Contact")).isEmpty();
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "SIPp",
                "kamailio (5.6.3 (x86_64/linux))",
                "baresip v1.0.0 (x86_64/linux)",
                "PJSUA v2.9",
                "My PBX 18"
            })
    void register_ofWhoIsNotKnownToDoSha256_isChallengedWithMd5Alone(@Nullable String agent) {
        try (var phone = phone()) {
            assertThat(challenged(phone.register().with("User-Agent", agent).send()))
                    .containsExactly("MD5");
        }
    }

    @Test
    void phone_thatRegisteredWithSha256_isChallengedWithIt_whereItDid() {
        var agent = "Not known before";
        try (var phone = phone();
                var elsewhere = Phone.from("127.0.0.3", server, username, PhoneAccount.PASSWORD);
                var neighbour = Phone.at(server, AccountSettings.generateUsername(), PhoneAccount.PASSWORD)) {
            var answer = phone.register()
                    .answering(phone.register().send(), "SHA-256", 1)
                    .with("User-Agent", agent)
                    .send();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(challenged(phone.register().with("User-Agent", agent).send()))
                    .containsExactly("SHA-256", "MD5");
            assertThat(challenged(
                            phone.register().with("User-Agent", "Another phone").send()))
                    .containsExactly("MD5");
            for (var other : List.of(elsewhere, neighbour)) {
                assertThat(challenged(other.register().with("User-Agent", agent).send()))
                        .containsExactly("MD5");
            }
        }
    }

    /** Whoever has a password could else fill the memory: each user agent is a line of 8 kB, and there are 100,000. */
    @Test
    void phone_thatRegisteredWithSha256_isKnownByTheBeginningOfItsUserAgent() {
        var agent = "Long ".repeat(1_000);
        try (var phone = phone()) {
            var answer = phone.register()
                    .answering(phone.register().send(), "SHA-256", 1)
                    .with("User-Agent", agent + "1")
                    .send();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(challenged(
                            phone.register().with("User-Agent", agent + "2").send()))
                    .containsExactly("SHA-256", "MD5");
        }
    }

    @Test
    void answerWithSha256_thatIsTooLate_isChallengedWithItAgain() {
        try (var phone = phone()) {
            var answer = phone.send(phone.register()
                    .answering(phone.register().send(), "SHA-256", 1)
                    .with("User-Agent", null)
                    .text()
                    .replaceFirst("nonce=\"....", "nonce=\"AAAA"));
            assertThat(challenged(answer)).containsExactly("SHA-256", "MD5");
            assertThat(answer.header("WWW-Authenticate").orElseThrow()).contains("stale=true");
        }
    }

    @ParameterizedTest
    @CsvSource({"'SHA-256', 200, 401", "'MD5', 401, 200", "'MD5,SHA-256', 200, 200"})
    void digest_isWhatTheOperatorSets(String setting, int statusOfSha256, int statusOfMd5) {
        var other = server.another(Map.of("sip.digest", setting));
        try (var phoneThere = Phone.at(other, username, PhoneAccount.PASSWORD);
                var phone = phone()) {
            assertThat(challenged(phoneThere.register().send())).containsExactly(setting.split(","));
            for (var expected :
                    Map.of("SHA-256", statusOfSha256, "MD5", statusOfMd5).entrySet()) {
                // a nonce of the first server, which the other knows too
                var challenge = phone.register().send();
                assertThat(phoneThere.answered(challenge, expected.getKey()).status())
                        .isEqualTo(expected.getValue());
            }
        } finally {
            other.stop();
        }
    }

    @Test
    void authorizations_areSeveral_theOneWithAGoodNonceCounts() {
        try (var phone = phone()) {
            var challenge = phone.register().send();
            var right = phone.register().answering(challenge, "SHA-256", 1).text();
            var authorization = right.lines()
                    .filter(line -> line.startsWith("Authorization"))
                    .findFirst()
                    .orElseThrow();
            for (var other : List.of(
                    authorization.replaceFirst("nonce=\"....", "nonce=\"AAAA"),
                    authorization.replace("algorithm=SHA-256", "algorithm=SHA-512-256"),
                    authorization.replace("realm=\"seatline\"", "realm=\"elsewhere\""))) {
                var next = phone.register()
                        .answering(phone.register().send(), "SHA-256", 1)
                        .text();
                assertThat(phone.send(next.replace("Authorization:", other + "\r\nAuthorization:"))
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s@example.com", "%s@192.0.2.1", "%S", "%S@Example.COM"})
    void digestUsername_mayHaveADomain_andOtherCapitals(String form) {
        try (var phone = phone()) {
            var spelled = form.formatted(username);
            for (var algorithm : List.of("SHA-256", "MD5")) {
                var challenge = phone.register().send();
                assertThat(phone.register()
                                .answering(challenge, algorithm, 1, spelled, PhoneAccount.PASSWORD)
                                .send()
                                .status())
                        .isEqualTo(200);
                assertThat(phone.register()
                                .answering(phone.register().send(), algorithm, 1, spelled, "anotherPassword1")
                                .send()
                                .status())
                        .isEqualTo(401);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "447700900101, <tel:447700900101>",
        "+447700900102, <tel:+44-7700-(900)102;phone-context=example.com>",
        "door, <sip:Door@example.com>",
        "gate, \"The gate\" <sips:GATE@[2001:db8::1]:5061;user=phone>"
    })
    void to_ofTheAccount_mayBeATelUri_andHaveOtherCapitals(String name, String to) {
        server.account("test", TestServer.plain(UUID.randomUUID().toString(), "123", name));
        try (var phone = Phone.at(server, name, PhoneAccount.PASSWORD)) {
            assertThat(phone.registersWith(Map.of("To", to)).status()).isEqualTo(200);
            assertThat(phone.registersWith(Map.of("To", "<tel:447700900199>")).status())
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-256", "MD5"})
    void register_withTheRightPassword_isOnline(String algorithm) {
        try (var phone = phone()) {
            assertThat(attribute("is_online")).isEqualTo("false");
            var answer = phone.registers(algorithm);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.contacts()).singleElement().asString().startsWith(phone.contact() + ";expires=3");
            assertThat(attribute("is_online")).isEqualTo("true");
            assertThat(attribute("user_agent")).isEqualTo("Phone of the tests");
        }
    }

    @Test
    void register_overIpv6_isAnsweredThere() {
        try (var v6 = TestServer.start(Map.of("sip.host", "::1"));
                var phone = new Phone("::1", "::1", v6.sipPort(), "nobody", PhoneAccount.PASSWORD)) {
            var answer = phone.register().send();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("Via").orElseThrow()).contains("received=").contains("rport=" + phone.port());
        }
    }

    @Test
    void answer_goesToTheSourceAndSaysSo_whateverViaSays() {
        try (var phone = phone()) {
            var answer = phone.register()
                    .with("Via", "SIP/2.0/UDP 192.0.2.9:5999;branch=z9hG4bKabc")
                    .send();
            assertThat(answer.header("Via").orElseThrow())
                    .startsWith("SIP/2.0/UDP 192.0.2.9:5999;")
                    .contains("branch=z9hG4bKabc")
                    .contains("received=127.0.0.1");
        }
    }

    // digest

    @Test
    void register_withAWrongPassword_isChallengedAgainAndNotOnline() {
        try (var phone = Phone.at(server, username, "wrong-horse-battery")) {
            var answer = phone.registers();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.all("WWW-Authenticate"))
                    .allSatisfy(challenge -> assertThat(challenge).doesNotContain("stale"));
            assertThat(attribute("is_online")).isEqualTo("false");
        }
    }

    @Test
    void nonce_ofAnotherSource_isStale() {
        try (var here = phone();
                var there = Phone.from("127.0.0.5", server, username, PhoneAccount.PASSWORD)) {
            var answer = there.answered(here.register().send(), "SHA-256");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.challenge("SHA-256").orElseThrow()).contains("stale=true");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "////////////////////////////////", ""})
    void nonce_thatIsNotOurs_isStale(String nonce) {
        try (var phone = phone()) {
            var challenge = phone.register().send();
            var ours = SipAnswer.parameter(challenge.challenge("MD5").orElseThrow(), "nonce");
            var answer = phone.send(
                    phone.register().answering(challenge, "MD5", 1).text().replace(ours, nonce));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.challenge("MD5").orElseThrow()).contains("stale=true");
        }
    }

    @Test
    void nonceCount_goesUpOnly() {
        try (var phone = phone()) {
            var challenge = phone.register().send();
            assertThat(phone.register()
                            .answering(challenge, "SHA-256", 1)
                            .send()
                            .status())
                    .isEqualTo(200);
            assertThat(phone.register()
                            .answering(challenge, "SHA-256", 2)
                            .send()
                            .status())
                    .isEqualTo(200);
            for (var used : new int[] {2, 1}) {
                var again =
                        phone.register().answering(challenge, "SHA-256", used).send();
                assertThat(again.status()).isEqualTo(401);
                assertThat(again.challenge("SHA-256").orElseThrow()).contains("stale=true");
            }
            assertThat(phone.register()
                            .answering(challenge, "SHA-256", 9)
                            .send()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void nonceCount_ofAForgedRequest_doesNotLockThePhoneOut() {
        try (var phone = phone()) {
            var challenge = phone.register().send();
            var forged = phone.register()
                    .answering(challenge, "SHA-256", 0x7fffffff, username, "not-the-password")
                    .send();
            assertThat(forged.status()).isEqualTo(401);
            assertThat(phone.register()
                            .answering(challenge, "SHA-256", 1)
                            .send()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void replay_withAnotherContact_isRefused() {
        try (var phone = phone()) {
            var challenge = phone.register().send();
            var caught = phone.register().answering(challenge, "SHA-256", 1);
            assertThat(caught.send().status()).isEqualTo(200);
            var replayed = caught.with("Contact", "<sip:thief@127.0.0.9>")
                    .with("Call-ID", "another")
                    .with("Via", "SIP/2.0/UDP 127.0.0.9;branch=z9hG4bKthief")
                    .send();
            assertThat(replayed.status()).isEqualTo(401);
            assertThat(phone.registers().contacts()).hasSize(1);
        }
    }

    @Test
    void digest_ofAnotherAccount_doesNotRegisterThisOne() {
        var other = AccountSettings.generateUsername();
        server.account("test", TestServer.plain(UUID.randomUUID().toString(), "123", other));
        try (var phone = Phone.at(server, other, PhoneAccount.PASSWORD)) {
            var answer = phone.registersWith(Map.of("To", "<sip:" + username + "@example.com>"));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(attribute("is_online")).isEqualTo("false");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "algorithm=SHA-256, algorithm=SHA-512-256",
        "algorithm=SHA-256, algorithm=SHA-256-sess",
        "qop=auth, qop=auth-int",
        "nc=00000001, nc=1",
        "nc=00000001, nc=zzzzzzzz",
        "cnonce, dnonce",
        "realm=\"seatline\", realm=\"elsewhere\"",
        "Digest username, Basic username"
    })
    void digest_ofAnotherForm_isChallenged(String from, String to) {
        try (var phone = phone()) {
            var challenge = phone.register().send();
            var answer = phone.send(
                    phone.register().answering(challenge, "SHA-256", 1).text().replace(from, to));
            assertThat(answer.status()).isEqualTo(401);
        }
    }

    // retransmission

    @Test
    void retransmission_hasTheSameBytes_andIsNotCarriedOutAgain() {
        try (var phone = phone()) {
            var request = phone.register()
                    .answering(phone.register().send(), "SHA-256", 1)
                    .text();
            var first = phone.send(request);
            assertThat(first.status()).isEqualTo(200);
            assertThat(phone.send(request).text()).isEqualTo(first.text());
            assertThat(phone.send(request).text()).isEqualTo(first.text());
        }
    }

    // bindings

    @Test
    void register_again_refreshesTheBinding() {
        try (var phone = phone()) {
            assertThat(phone.registers().contacts()).hasSize(1);
            server.database()
                    .run("UPDATE bindings SET expires_at = now() + interval '5 s' WHERE account_id = '" + account
                            + "'");
            assertThat(phone.registers().contacts()).singleElement().asString().contains(";expires=3");
        }
    }

    @Test
    void register_withExpires0_isOfflineAtOnce() {
        try (var phone = phone()) {
            phone.registers();
            var answer = phone.unregisters();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.contacts()).isEmpty();
            assertThat(attribute("is_online")).isEqualTo("false");
            assertThat(attribute("user_agent")).isEqualTo("null");
        }
    }

    @Test
    void register_withTheContactsOwnExpires0_isOffline() {
        try (var phone = phone()) {
            phone.registers();
            assertThat(phone.registersWith(Map.of("Contact", phone.contact() + ";expires=0"))
                            .contacts())
                    .isEmpty();
        }
    }

    @Test
    void register_ofAllContactsWithExpires0_endsThemAll() {
        try (var desk = phone();
                var mobile = phone()) {
            desk.registers();
            assertThat(mobile.registers().contacts()).hasSize(2);
            assertThat(desk.registersWith(Map.of("Contact", "*", "Expires", "0"))
                            .contacts())
                    .isEmpty();
            assertThat(attribute("is_online")).isEqualTo("false");
        }
    }

    @Test
    void register_ofAllContactsWithAnotherExpires_isRefused() {
        try (var phone = phone()) {
            phone.registers();
            assertThat(phone.registersWith(Map.of("Contact", "*", "Expires", "60"))
                            .status())
                    .isEqualTo(400);
            assertThat(attribute("is_online")).isEqualTo("true");
        }
    }

    @Test
    void register_withoutContact_asksForTheBindings() {
        try (var phone = phone()) {
            phone.registers();
            var challenge = phone.register().send();
            var answer = phone.register()
                    .with("Contact", null)
                    .answering(challenge, "SHA-256", 1)
                    .send();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.contacts()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 423", "59, 423", "60, 200", "7200, 200", "99999999999, 200"})
    void register_asksForSeconds(String seconds, int status) {
        try (var phone = phone()) {
            var answer = phone.registersWith(Map.of("Expires", seconds));
            assertThat(answer.status()).isEqualTo(status);
            if (status == 423) {
                assertThat(answer.header("Min-Expires")).contains("60");
                assertThat(attribute("is_online")).isEqualTo("false");
            } else {
                assertThat(granted(answer)).isBetween(60, 7200);
            }
        }
    }

    private static int granted(SipAnswer answer) {
        return Integer.parseInt(answer.contacts().getFirst().replaceFirst(".*;expires=", ""));
    }

    @Test
    void grantedTime_differsALittle() {
        var granted = IntStream.range(0, 8)
                .map(i -> {
                    try (var phone = phone()) {
                        var own = phone.registers().contacts().stream()
                                .filter(contact -> contact.startsWith(phone.contact()))
                                .findFirst()
                                .orElseThrow();
                        return Integer.parseInt(own.replaceFirst(".*;expires=", ""));
                    }
                })
                .boxed()
                .toList();
        assertThat(Set.copyOf(granted)).hasSizeGreaterThan(1);
        assertThat(granted).allSatisfy(seconds -> assertThat(seconds).isBetween(3200, 3600));
    }

    @Test
    void cseq_thatIsNotHigher_changesNothing() {
        try (var phone = phone()) {
            phone.registers();
            var challenge = phone.register().send();
            var late = phone.register()
                    .with("CSeq", "1 REGISTER")
                    .with("Expires", "0")
                    .answering(challenge, "SHA-256", 1)
                    .send();
            assertThat(late.status()).isEqualTo(400);
            assertThat(late.reason()).contains("CSeq");
            assertThat(attribute("is_online")).isEqualTo("true");
        }
    }

    @Test
    void registerThatComesLate_doesNotUndoTheUnregister() {
        try (var phone = phone()) {
            var challenge = phone.register().send();
            var late = phone.register().answering(challenge, "SHA-256", 1);
            assertThat(phone.register()
                            .with("Expires", "0")
                            .answering(challenge, "SHA-256", 2)
                            .send()
                            .status())
                    .isEqualTo(200);
            assertThat(late.send().status()).isEqualTo(401);
            assertThat(attribute("is_online")).isEqualTo("false");
        }
    }

    /** Such as those of a phone that lost its power: only what is live has an order (RFC 3261 section 10.3 step 7). */
    @Test
    void cseq_countsAnew_whenTheBindingHasEnded() {
        try (var phone = phone()) {
            phone.registers();
            phone.unregisters();
            var challenge = phone.register().send();
            assertThat(phone.register()
                            .with("CSeq", "1 REGISTER")
                            .answering(challenge, "SHA-256", 1)
                            .send()
                            .status())
                    .isEqualTo(200);
        }
    }

    /** So that a phone finds its own lease among those of others: JsSIP took the first. */
    @Test
    void contacts_comeBackWithWhatTheirPhonesSaidOfThem() {
        try (var desk = phone();
                var soft = phone()) {
            desk.registersWith(Map.of("Contact", desk.contact() + ";q=0.7"));
            var instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000a95a0e128>\";reg-id=3";
            var answer = soft.registersWith(Map.of("Contact", soft.contact() + instance + ";q=1", "Expires", "600"));
            assertThat(answer.contacts())
                    .anySatisfy(contact -> assertThat(contact).startsWith(desk.contact() + ";q=0.700;expires=3"))
                    .anySatisfy(
                            contact -> assertThat(contact).startsWith(soft.contact() + instance + ";q=1.000;expires="));
        }
    }

    /** Some phones ask for what they were granted last: less each time, they would come every minute in the end. */
    @Test
    void time_thatWasGranted_isGrantedAgain() {
        try (var phone = phone()) {
            var granted = granted(phone.registers());
            for (var i = 0; i < 5; i++) {
                assertThat(granted(phone.registersWith(Map.of("Expires", Integer.toString(granted)))))
                        .isEqualTo(granted);
            }
        }
    }

    /** A phone that was sent to another port by its router, and takes the old one back. */
    @Test
    void contactThatIsTakenBack_endsNoOther_ofTheSameCallId() {
        try (var phone = phone()) {
            var before = "<sip:" + username + "@192.0.2.7:1024>";
            var after = "<sip:" + username + "@192.0.2.7:1025>";
            phone.registersWith(Map.of("Contact", before));
            assertThat(phone.registersWith(Map.of("Contact", after)).contacts()).hasSize(1);
            assertThat(phone.registersWith(Map.of("Contact", before, "Expires", "0"))
                            .contacts())
                    .singleElement()
                    .asString()
                    .startsWith(after);
        }
    }

    /** RFC 3261 section 19.1.4. */
    @Test
    void contactThatIsWrittenInAnotherWay_isTheSame() {
        try (var phone = phone()) {
            phone.registersWith(Map.of("Contact", "<sip:an%6ea@Phone.Example:5062;line=7>", "Call-ID", "one"));
            var again = "<sip:anna@phone.example:5062;ob>";
            assertThat(phone.registersWith(Map.of("Contact", again, "Call-ID", "two"))
                            .contacts())
                    .singleElement()
                    .asString()
                    .startsWith(again);
            var takenBack = Map.of("Contact", "<SIP:anna@PHONE.example:5062>", "Call-ID", "three", "Expires", "0");
            assertThat(phone.registersWith(takenBack).contacts()).isEmpty();
        }
    }

    @Test
    void contacts_areAtMostTen_andTheSoonestToExpireGivesWay() {
        for (var i = 0; i < 12; i++) {
            try (var phone = phone()) {
                var answer = phone.registersWith(Map.of(
                        "Contact", "<sip:" + username + "@192.0.2." + i + ">", "Expires", i == 5 ? "60" : "3600"));
                assertThat(answer.contacts()).hasSize(Math.min(i + 1, 10));
                if (i == 10) {
                    assertThat(answer.contacts()).noneMatch(contact -> contact.contains("192.0.2.5>"));
                }
            }
        }
    }

    @Test
    void timesAndContacts_areWhatTheOperatorSets() {
        var other = server.another(Map.of(
                "sip.expires.min", "20s",
                "sip.expires.default", "30s",
                "sip.expires.max", "40s",
                "sip.contacts.max", "1"));
        try (var old = Phone.at(other, username, PhoneAccount.PASSWORD);
                var young = Phone.at(other, username, PhoneAccount.PASSWORD)) {
            var tooBrief = old.registersWith(Map.of("Expires", "19"));
            assertThat(tooBrief.status()).isEqualTo(423);
            assertThat(tooBrief.header("Min-Expires")).contains("20");
            assertThat(seconds(old.registersWith(Map.of("Expires", "20")))).isEqualTo(20);
            assertThat(seconds(old.registersWith(Map.of("Expires", "7200")))).isBetween(36, 40);
            assertThat(seconds(old.register()
                            .with("Expires", null)
                            .answering(old.register().send(), "SHA-256", 1)
                            .send()))
                    .isBetween(27, 30);
            assertThat(young.registers().contacts()).singleElement().asString().startsWith(young.contact());
            assertThat(old.registersWith(Map.of("Contact", old.contact() + ", " + young.contact()))
                            .status())
                    .isEqualTo(400);
        } finally {
            other.stop();
        }
    }

    private static int seconds(SipAnswer answer) {
        assertThat(answer.status()).isEqualTo(200);
        return Integer.parseInt(answer.contacts().getFirst().replaceFirst(".*expires=", ""));
    }

    @Test
    void contacts_thatHaveEnded_leaveNothing() {
        for (var i = 0; i < 3; i++) {
            try (var phone = phone()) {
                phone.registers();
                phone.unregisters();
            }
        }
        assertThat(server.text("SELECT count(*) FROM bindings WHERE account_id = '" + account + "'"))
                .isEqualTo("0");
    }

    @Test
    void instance_thatComesFromAnotherAddress_keepsOneBinding() {
        var instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000a95a0e128>\";reg-id=1";
        try (var before = phone();
                var after = phone()) {
            before.registersWith(Map.of("Contact", before.contact() + instance));
            var answer = after.registersWith(Map.of("Contact", after.contact() + instance));
            assertThat(answer.contacts()).singleElement().asString().startsWith(after.contact());
        }
    }

    @Test
    void phone_whoseAddressChanged_keepsOneBinding() {
        try (var phone = phone()) {
            phone.registers();
            var answer = phone.registersWith(Map.of("Contact", "<sip:" + username + "@192.0.2.77:5062>"));
            assertThat(answer.contacts()).singleElement().asString().contains("192.0.2.77:5062");
        }
    }

    @Test
    void register_ofSeveralContacts_hasEach() {
        try (var phone = phone()) {
            var answer = phone.registersWith(Map.of(
                    "Contact", "<sip:a@192.0.2.1>;expires=120, \"Second\" <sip:b@192.0.2.2;transport=tcp>;q=0.5"));
            assertThat(answer.contacts())
                    .hasSize(2)
                    .anyMatch(contact -> contact.startsWith("<sip:a@192.0.2.1>;expires=1"))
                    .anyMatch(contact -> contact.startsWith("<sip:b@192.0.2.2;transport=tcp>;q=0.500;expires=3"));
        }
    }

    // the allow-list

    @Test
    void register_fromElsewhere_isRefusedAsAWrongPasswordIs_andAllowedByAPatch() {
        try (var phone = Phone.from("127.0.0.5", server, username, PhoneAccount.PASSWORD)) {
            allow("10.0.0.0/8, 127.0.0.1");
            assertThat(phone.registers().status()).isEqualTo(401);
            allow("10.0.0.0/8, 127.0.0.4/30");
            Await.until(() -> phone.registers().status() == 200);
            assertThat(attribute("is_online")).isEqualTo("true");
            allow("10.0.0.0/8");
            assertThat(attribute("is_online")).isEqualTo("false");
            assertThat(phone.registers().status()).isEqualTo(401);
        }
    }

    private void allow(String list) {
        var response = server.patch(
                "/sip_device_routes/" + account,
                "{\"data\":{\"type\":\"sip_device_routes\",\"id\":\"" + account
                        + "\",\"attributes\":{\"use_allowed_ips\":true,\"allowed_ips\":\"" + list + "\"}}}");
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void allowList_thatIsEmptyAndUsed_admitsNobody() {
        server.database().run("UPDATE sip_accounts SET use_allowed_ips = true WHERE id = '" + account + "'");
        try (var phone = phone()) {
            assertThat(phone.registers().status()).isEqualTo(401);
        }
    }

    @Test
    void allowList_isComparedWithTheTransportsAddress_notWithWhatTheMessageSays() {
        allow("192.0.2.1");
        try (var phone = phone()) {
            assertThat(phone.registersWith(Map.of(
                                    "Via",
                                    "SIP/2.0/UDP 192.0.2.1;received=192.0.2.1;branch=z9hG4bKx",
                                    "Contact",
                                    "<sip:" + username + "@192.0.2.1>"))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void allowList_ofMappedIpv6_isIpv4() {
        try (var dual = TestServer.start(Map.of("sip.host", "::"))) {
            dual.operator("test", "another", "credential-of-it");
            dual.customer("test", "123", null);
            dual.account("test", TestServer.plain(account.toString(), "123", username));
            dual.database()
                    .run("UPDATE sip_accounts SET use_allowed_ips = true, allowed_ips = '{"
                            + AllowList.parse("::ffff:127.0.0.1") + "}'");
            try (var v4 = new Phone("127.0.0.1", "127.0.0.1", dual.sipPort(), username, PhoneAccount.PASSWORD);
                    var v6 = new Phone("::1", "::1", dual.sipPort(), username, PhoneAccount.PASSWORD)) {
                assertThat(v4.registers().status()).isEqualTo(200);
                assertThat(v6.registers().status()).isEqualTo(401);
            }
        }
    }

    // other methods

    @Test
    void options_isAnswered() {
        try (var phone = phone()) {
            var answer = phone.message("OPTIONS").send();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Allow")).contains("REGISTER, OPTIONS");
        }
    }

    @Test
    void invite_is405_andSaysWhereCallsGo() {
        try (var phone = phone()) {
            var answer = phone.message("INVITE").send();
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).contains("REGISTER, OPTIONS");
            assertThat(answer.header("Warning").orElseThrow())
                    .startsWith("399 seatline \"")
                    .contains("Kamailio");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUBSCRIBE", "MESSAGE", "PUBLISH", "BYE", "register"})
    void otherMethod_is405(String method) {
        try (var phone = phone()) {
            var answer = phone.message(method).send();
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).contains("REGISTER, OPTIONS");
        }
    }

    /** RFC 3261 section 8.2.2.3: of CANCEL alone nobody asks it. */
    @ParameterizedTest
    @CsvSource({"OPTIONS, 420", "INVITE, 420", "SUBSCRIBE, 420", "CANCEL, 481"})
    void require_countsForEveryMethod(String method, int status) {
        try (var phone = phone()) {
            assertThat(phone.message(method).with("Require", "teleport").send().status())
                    .isEqualTo(status);
        }
    }

    /** What some phones and their networks really send. */
    @Test
    void contactsAndVias_ofPhonesAsTheyAre_areTaken() {
        try (var phone = phone()) {
            var longest = "<sip:" + username + "@192.0.2.7;pn-prid=" + "x".repeat(900) + ">";
            for (var contact : List.of("*140 - John Doe <sip:" + username + "@192.0.2.8>", longest)) {
                assertThat(phone.registersWith(Map.of("Contact", contact)).contacts())
                        .as(contact)
                        .singleElement()
                        .asString()
                        .startsWith(contact.substring(contact.indexOf('<')));
                phone.unregisters();
            }
            var via = "SIP/2.0/UDP [fe80::1%eth0]:" + phone.port() + ";rport;branch=z9hG4bKzone";
            assertThat(phone.register().with("Via", via).send().header("Via").orElseThrow())
                    .startsWith("SIP/2.0/UDP [fe80::1%eth0]:")
                    .contains("received=127.0.0.1");
        }
    }

    /** RFC 5626 section 6. */
    @Test
    void outbound_isPromised_toAPhoneThatNumbersItsFlows() {
        try (var phone = phone()) {
            var flow = phone.contact() + ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000a95a0e128>\";reg-id=1";
            var answer = phone.registersWith(
                    Map.of("Contact", flow, "Supported", "gruu, outbound", "Require", "Outbound, path"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Require")).contains("outbound");
            assertThat(answer.header("Supported")).contains("path, outbound");
            assertThat(phone.registersWith(Map.of("k", "outbound")).header("Require"))
                    .isEmpty();
            assertThat(phone.registersWith(Map.of("Contact", flow)).header("Require"))
                    .isEmpty();
            assertThat(phone.message("OPTIONS").with("Require", "path").send().header("Supported"))
                    .contains("path, outbound");
        }
    }

    @Test
    void phoneBehindAnEdge_isJudgedByItsOwnAddress_andItsPathIsGivenBack() {
        var other = server.another(Map.of("sip.edges", "127.0.0.9, 198.51.100.0/24"));
        var path = "<sip:edge.example;lr;received=sip:203.0.113.7:5062%3Btransport%3Dtcp>";
        try (var edge = Phone.from("127.0.0.9", other, username, PhoneAccount.PASSWORD)) {
            allow("203.0.113.7");
            var behind = Map.of("Path", path, "X-Seatline-Source", "tcp:203.0.113.7:5062");
            var answer = through(edge, behind);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Path")).contains(path);
            assertThat(answer.header("Via").orElseThrow()).contains("received=127.0.0.9");
            assertThat(server.text(
                            "SELECT concat_ws(' ', host(source), source_port, transport, path) FROM bindings WHERE account_id = '"
                                    + account + "'"))
                    .isEqualTo("203.0.113.7 5062 TCP " + path);
            assertThat(through(edge, Map.of("X-Seatline-Source", "udp:[::ffff:203.0.113.7]:5062"))
                            .status())
                    .isEqualTo(200);
            assertThat(through(edge, Map.of("Path", path, "X-Seatline-Source", "udp:[2001:db8::7]:5060"))
                            .status())
                    .isEqualTo(401);
            assertThat(edge.registers().status()).as("the edge's own address").isEqualTo(401);
            for (var unclear :
                    List.of("tcp:203.0.113.7", "203.0.113.7:5062", "tcp:203.0.113.7:70000", "tcp:203.0.113.7:1 x")) {
                assertThat(edge.register()
                                .with("X-Seatline-Source", unclear)
                                .send()
                                .status())
                        .as(unclear)
                        .isEqualTo(400);
            }
            // read otherwise by one than by another: in octal or in decimal
            for (var address : List.of("203.0.113.07", "203.113.7", "0xcb007107", "3405803783")) {
                edge.sendOnly(edge.register()
                        .with("X-Seatline-Source", "udp:" + address + ":5060")
                        .text());
            }
            Await.until(() -> other.management("/metrics").body().contains("cause=\"no_edge\"} 4.0"));
        } finally {
            other.stop();
        }
    }

    private static SipAnswer through(Phone edge, Map<String, String> headers) {
        var first = edge.register();
        headers.forEach(first::with);
        var challenge = first.send();
        var second = edge.register();
        headers.forEach(second::with);
        return second.answering(challenge, "SHA-256", 1).send();
    }

    @Test
    void whoIsNoEdge_isNotBelieved() {
        var dropped = "seatline_sip_dropped_total{cause=\"no_edge\"} ";
        try (var phone = phone()) {
            var answer = through(phone, Map.of("Path", "<sip:evil.example;lr>"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Path")).isEmpty();
            assertThat(server.text("SELECT count(path) FROM bindings WHERE account_id = '" + account + "'"))
                    .isEqualTo("0");
            phone.sendOnly(phone.register()
                    .with("X-Seatline-Source", "udp:192.0.2.1:5060")
                    .text());
            Await.until(() -> server.management("/metrics").body().contains(dropped + "1.0"));
            assertThat(phone.registers().status()).isEqualTo(200);
        }
    }

    @Test
    void require_ofWhatIsNotThere_is420() {
        try (var phone = phone()) {
            var answer =
                    phone.register().with("Require", "teleport, path, gruu").send();
            assertThat(answer.status()).isEqualTo(420);
            assertThat(answer.header("Unsupported")).contains("teleport, gruu");
        }
    }

    // after an end

    @Test
    void restart_keepsTheBindings_andKnowsItsOldNonces() {
        try (var phone = phone()) {
            var challenge = phone.register().send();
            assertThat(phone.register()
                            .answering(challenge, "SHA-256", 1)
                            .send()
                            .status())
                    .isEqualTo(200);
            var other = server.another();
            try (var moved = new Phone("127.0.0.1", "127.0.0.1", other.sipPort(), username, PhoneAccount.PASSWORD)) {
                var replay = moved.register().answering(challenge, "SHA-256", 1).send();
                assertThat(replay.status()).isEqualTo(401);
                var next = moved.register().answering(challenge, "SHA-256", 2).send();
                assertThat(next.status()).isEqualTo(200);
                assertThat(next.contacts()).hasSize(2);
            } finally {
                other.stop();
            }
        }
    }

    @Test
    void expiry_isOffline() {
        try (var phone = phone()) {
            phone.registers();
            server.database().run("UPDATE bindings SET expires_at = now() WHERE account_id = '" + account + "'");
            assertThat(attribute("is_online")).isEqualTo("false");
        }
    }
}
