package io.seatline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Program;
import io.seatline.support.Program.Result;
import io.seatline.support.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code account import --format}: other systems' accounts become one customer's, and what can't be kept is said. */
@Tag("sql")
class ForeignImportTest {
    private static final String HASH = "0123456789abcdef0123456789abcdef";

    private static TestServer server;
    private static Program seatline;

    @BeforeAll
    static void start() {
        server = TestServer.empty();
        seatline = Program.beside(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void newCustomer() {
        var _ = seatline.run("customer", "delete", "moved");
        server.customer("test", "moved", null);
    }

    private static Result imported(String format, String file, String... options) {
        var arguments = new ArrayList<>(List.of("account", "import", "-", "--format", format, "--customer", "moved"));
        arguments.addAll(List.of(options));
        return seatline.runWith(file, arguments.toArray(String[]::new));
    }

    private static String accounts() {
        return server.text("""
                SELECT string_agg(concat_ws(' ', username, caller_id_name, internal_caller_id, external_caller_id, on_demand,
                    use_allowed_ips, array_to_string(allowed_ips, ','), coalesce(ha1_realm, '-')), '|' ORDER BY username)
                FROM sip_accounts WHERE customer_id = 'moved'
                """);
    }

    @Test
    void accountsOfAFile_areTheCustomers_withWhatCanBeKept() {
        var result = imported("pjsip", """
                [101]
                type=endpoint
                auth=101
                aors=101
                callerid="Ona" <101>
                mailboxes=101@default
                one_touch_recording=yes
                deny=0.0.0.0/0
                permit=192.0.2.0/24
                [101]
                type=auth
                username=101
                password=correct-horse-battery
                [102]
                type=endpoint
                auth=102
                [102]
                type=auth
                auth_type=md5
                username=102
                realm=seatline
                md5_cred=%s
                """.formatted(HASH));
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("accounts", "2");
        assertThat(result.err())
                .contains("mailboxes: there is no voicemail here (1: 101)")
                .doesNotContain("realm");
        assertThat(accounts()).isEqualTo("101 Ona 101 t t 192.0.2.0/24 -|102 102 f f  seatline");
        assertThat(seatline.run("account", "show", "101", "--show-password").out())
                .contains("correct-horse-battery");
    }

    @Test
    void dryRun_saysTheSame_andKeepsNothing() {
        var file = "extension,secret,voicemail,tech\n201,correct-horse-battery,default,pjsip\n";
        var dry = imported("freepbx", file, "--dry-run", "--json");
        assertThat(dry.out()).contains("{\"accounts\":1,\"kept\":false}");
        assertThat(dry.err()).contains("voicemail: there is no voicemail here (1: 201)");
        assertThat(accounts()).isEmpty();
        var real = imported("freepbx", file, "--json");
        assertThat(real.out()).contains("{\"accounts\":1,\"kept\":true}");
        assertThat(real.err()).isEqualTo(dry.err());
    }

    @Test
    void dryRun_showsTheFirstAccounts() {
        var file = new StringBuilder("extension,name,secret,tech\n");
        IntStream.rangeClosed(201, 222)
                .forEach(number -> file.append(number + ",Ona " + number + ",correct-horse-battery,pjsip\n"));
        var dry = imported("freepbx", file.toString(), "--dry-run");
        assertThat(dry.out())
                .containsPattern("LINE +CUSTOMER_ID +USERNAME +CALLER_ID_NAME +INTERNAL_CALLER_ID")
                .containsPattern("2 +moved +201 +Ona 201 +201")
                .containsPattern("21 +moved +220 +Ona 220 +220")
                .doesNotContain("221", "correct-horse-battery")
                .containsPattern("accounts +22\\R");
        assertThat(dry.err()).contains("and 2 more");
    }

    @Test
    void hashOfAnotherRealm_isKept_withWordsOfWhatItsPhoneNeeds() {
        var result = imported("kamailio", "username,domain,ha1\n401,old.example," + HASH + "\n");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err())
                .contains(
                        "realm: phones are not asked for old.example here: they can't register until it is in sip.realms")
                .doesNotContain(HASH);
        assertThat(accounts()).isEqualTo("401 401 f f  old.example");
        assertThat(imported("freepbx", "extension,md5_cred,tech\n402," + HASH + ",pjsip\n", "--dry-run")
                        .err())
                .contains("asterisk here: they can't register until it is sip.realm, for it is no domain")
                .doesNotContain("sip.realms");
    }

    @Test
    void weakPassword_isRefused_orKeptAsAHash() {
        var file = "username,domain,password\n501,old.example,1234\n502,old.example,correct-horse-battery\n";
        var refused = imported("opensips", file);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains(
                        "line 2: 501: the password must be 12 to 32 printable ASCII characters",
                        "--keep-weak-passwords")
                .contains("Nothing was imported.")
                .doesNotContain("1234");
        assertThat(accounts()).isEmpty();
        var kept = imported("opensips", file, "--keep-weak-passwords");
        assertThat(kept.err())
                .contains("password: is too weak to be kept: its hash is", "it is in sip.realms")
                .doesNotContain("1234");
        assertThat(accounts()).isEqualTo("501 501 f f  old.example|502 502 f f  -");
    }

    @Test
    void accountsOfOneDomain_canBeTakenAlone() {
        var file =
                "username,domain,password\n601,a.example,correct-horse-battery\n601,b.example,correct-horse-battery\n";
        assertThat(imported("kamailio", file).err())
                .contains("line 3, column username: the username 601 stands in line 2");
        var unknown = imported("kamailio", file, "--domain", "c.example");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err())
                .contains("no account here is of the domain c.example: there are a.example, b.example")
                .contains("Nothing was imported.");
        assertThat(imported("freepbx", "extension,secret,tech\n602,correct-horse-battery,pjsip\n", "--domain", "c")
                        .err())
                .contains("no account here is of the domain c: none names its domain");
        assertThat(imported("kamailio", file, "--domain", "B.example").exitCode())
                .isZero();
        assertThat(accounts()).startsWith("601 ");
    }

    @Test
    void wrongUse_isExplained() {
        assertThat(seatline.runWith("", "account", "import", "-", "--format", "kamailio")
                        .err())
                .contains("Say whose accounts they become: --customer ID.");
        var nobody = seatline.runWith(
                "username,domain,password\n701,,correct-horse-battery\n702,,correct-horse-battery\n",
                "account",
                "import",
                "-",
                "--format",
                "kamailio",
                "--customer",
                "nobody");
        assertThat(nobody.exitCode()).isEqualTo(3);
        assertThat(nobody.err()).isEqualTo("There is no customer nobody." + System.lineSeparator());
        assertThat(seatline.runWith("", "account", "import", "-", "--customer", "moved")
                        .err())
                .contains("go with --format");
        assertThat(seatline.runWith("", "account", "import", "-", "--format", "asterisk")
                        .err())
                .contains("PJSIP, FREEPBX, FUSIONPBX, KAMAILIO, OPENSIPS");
        assertThat(imported("fusionpbx", "a,b\n1,2\n").err()).contains("the column extension is missing");
    }
}
