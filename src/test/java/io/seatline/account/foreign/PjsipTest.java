package io.seatline.account.foreign;

import static io.seatline.account.Setting.ON_DEMAND;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asterisk's pjsip.conf. */
@Tag("pure")
class PjsipTest {
    private final Found found = Found.inSample(AccountFormat.PJSIP, "pjsip.conf");

    private static Found in(String... lines) {
        return Found.in(AccountFormat.PJSIP, String.join("\n", lines));
    }

    /** An endpoint that somebody can log in to, with settings of its own. */
    private static Found inEndpoint(String... settings) {
        return in("[501]", "type=endpoint", "auth=501", "aors=501", String.join("\n", settings), """
                [501]
                type=auth
                username=501
                password=secret-of-501
                [501]
                type=aor
                """);
    }

    // logins

    @Test
    void endpoint_thatOthersLogInTo_isAnAccount() {
        assertThat(found.logins())
                .containsExactly(
                        "101 s3cret;101",
                        "102 pbx.example.com 0123456789abcdef0123456789abcdef",
                        "gate.2 gates.example.com ffffffffffffffffffffffffffffffff");
        assertThat(found.problems()).isEmpty();
        assertThat(found.accounts()).extracting(ForeignAccount::line).containsExactly(33L, 46L, 73L);
    }

    @Test
    void realm_isAsterisks_whereNoneIsSet() {
        assertThat(in(
                                "[a]",
                                "type=endpoint",
                                "auth=a",
                                "[a]",
                                "type=auth",
                                "auth_type=md5",
                                "username=a",
                                "md5_cred=00000000000000000000000000000000")
                        .logins())
                .containsExactly("a asterisk 00000000000000000000000000000000");
    }

    @ParameterizedTest
    @CsvSource({
        "userpass, secret, secret",
        "'', secret, asterisk 0f359740bd1cda994f8b55330c86d845",
        "md5, secret, asterisk 0f359740bd1cda994f8b55330c86d845",
        "digest, secret, asterisk 0f359740bd1cda994f8b55330c86d845",
        "digest, p@ss, p@ss"
    })
    void passwordBesideAnHa1_isKeptWhereItMakesIt(String type, String password, String login) {
        assertThat(in(
                                "[a]",
                                "type=endpoint",
                                "auth=a",
                                "[a]",
                                "type=auth",
                                type.isEmpty() ? "" : "auth_type=" + type,
                                "username=test",
                                "password=" + password,
                                "md5_cred=" + md5(password.equals("p@ss")))
                        .logins())
                .containsExactly("test " + login);
    }

    /** Of test:asterisk:p@ss, or of something else. */
    private static String md5(boolean matching) {
        return matching ? "f64bf69c30d393f25a65dca2d3513a8f" : "0f359740bd1cda994f8b55330c86d845";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auth_type=userpass | there is no password: nobody could log in",
                "auth_type=md5 | there is no password: nobody could log in",
                "md5_cred=0123 | the md5_cred must have 32 hexadecimal digits, and there is no password",
                "password_digest=SHA-256:00 | there is no password: nobody could log in",
                "auth_type=google_oauth | its auth_type is not one that phones log in with: userpass, md5 or digest"
            })
    void auth_thatNobodyCouldLogInWith_isAProblem(String setting, String problem) {
        var found = in("[501]", "type=endpoint", "auth=501", "[501]", "type=auth", "username=501", setting);
        assertThat(found.accounts()).isEmpty();
        assertThat(found.problems()).containsExactly("line 1: 501: " + problem);
    }

    @Test
    void auth_thatIsInAnotherFile_isAProblem_andTheInclusionIsRemarked() {
        var found = in("[501]", "type=endpoint", "auth=501-auth", "#include pjsip.auth.conf");
        assertThat(found.problems())
                .containsExactly(
                        "line 1: 501: its auth [501-auth] is not in this file: join the files that are included");
        assertThat(found.summary())
                .containsExactly("#include pjsip.auth.conf: is not followed: join the files, such as with cat");
    }

    @Test
    void trunks_areNoAccounts() {
        assertThat(found.notKept("endpoint")).containsExactly("telia");
        assertThat(found.notKept("auth")).containsExactly("warehouse", "telia");
        assertThat(found.notKept("registration")).containsExactly("telia");
        assertThat(found.notKept("identify")).containsExactly("telia");
    }

    // caller IDs and the rest that is kept

    @Test
    void callerId_isNameAndNumber() {
        var jonas = found.settings("101");
        assertThat(jonas.callerIdName()).isEqualTo("Jonas \"Jonis\" Petraitis");
        assertThat(jonas.internalCallerId()).isEqualTo(101);
        assertThat(jonas.externalCallerId()).isNull();

        var outside = found.settings("102");
        assertThat(outside.callerIdName()).isEqualTo("Šarūnė");
        assertThat(outside.internalCallerId()).as("by the endpoint's name").isEqualTo(102);
        assertThat(outside.externalCallerId()).isEqualTo(37060000102L);

        var gate = found.settings("gate.2");
        assertThat(gate.callerIdName()).isEqualTo("Warehouse");
        assertThat(gate.internalCallerId()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Ona <501> | Ona | 501 |",
                "<502> | | 502 |",
                "502 | | 502 |",
                "Ona | Ona | 501 |",
                "\"Ona <503>\" | Ona | 503 |",
                "Ona <37060000501> | Ona | 501 | 37060000501",
                "Ona <5 200-0501> | Ona | 501 | 52000501",
                "Ona <0501> | Ona | 501 |",
                "Ona <anonymous> | Ona | 501 |"
            })
    void callerId_howeverItIsWritten(String written, String name, Long internal, Long external) {
        var account = inEndpoint("callerid=" + written).settings("501");
        assertThat(account.callerIdName()).isEqualTo(name);
        assertThat(account.internalCallerId()).isEqualTo(internal);
        assertThat(account.externalCallerId()).isEqualTo(external);
    }

    @Test
    void name_thatCannotBeKept_isRemarked() {
        var found = inEndpoint("callerid=" + "x".repeat(129) + " <501>");
        assertThat(found.settings("501").callerIdName()).isNull();
        assertThat(found.summary())
                .containsExactly(
                        "callerid: is no caller ID name here: it must be at most 128 characters long (1: 501)");
    }

    @Test
    void permitAndDeny_areAnAllowList() {
        assertThat(found.settings("102").allowedIps()).hasToString("192.0.2.0/24,198.51.100.7/32,2001:db8::/32");
        assertThat(found.settings("101").allowedIps().isEmpty()).isTrue();
        assertThat(found.notKept("acl")).containsExactly("lan-only");
    }

    /** Whoever was kept out there would be let in. */
    @Test
    void accessThatAnAllowListCantHave_isRefused() {
        assertThat(inEndpoint("acl=lan").problems())
                .containsExactly(
                        "line 1: 501: acl names a list of acl.conf, which is not read, so that everybody would be let in here:"
                                + " put that list's permit and deny in its place");
        assertThat(inEndpoint("deny=192.0.2.1").problems())
                .containsExactly(
                        "line 1: 501: deny has exceptions from who is let in, and an allow-list has none, so that"
                                + " more would be let in here: deny all (0.0.0.0/0) first, then permit those who are meant");
    }

    @Test
    void endpointThatNobodyMayReach_isLeftOut() {
        var found = inEndpoint("deny=0.0.0.0/0");
        assertThat(found.accounts()).isEmpty();
        assertThat(found.problems()).isEmpty();
        assertThat(found.summary()).contains("permit: lets nobody register: left out (1: 501)");
        assertThat(inEndpoint("deny=0.0.0.0/0", "permit=phone.example.com").problems())
                .containsExactly("line 1: 501: permit permits no IP address that can be read: nobody could register");
    }

    @Test
    void oneTouchRecording_isOnDemand() {
        assertThat(found.recorded("101")).containsExactly(ON_DEMAND);
        assertThat(found.recorded("102")).isEmpty();
    }

    // what is not kept

    @Test
    void whatIsNotKept_isSummarised() {
        assertThat(found.summary())
                .containsExactlyInAnyOrder(
                        "#include pjsip_custom.conf: is not followed: join the files, such as with cat",
                        "mailboxes: there is no voicemail here (1: 101)",
                        "context, disallow, allow, dtmf_mode, set_var: nothing here is like it: an account has a login, caller"
                                + " IDs and an allow-list",
                        "max_contacts: how many phones an account may have is sip.contacts.max, for all accounts alike (1: 102)",
                        "auth: names several: only the first is kept (1: warehouse)",
                        "password_digest: is kept for MD5 only (1: warehouse)",
                        "aors: is not the username: the phone must register as its username, by which an account is known"
                                + " (1: warehouse)",
                        "endpoint: has no auth, so that nobody logs in to it: a trunk, and no account (1: telia)",
                        "type=global, type=transport: is the server's, not an account's",
                        "auth, aor, registration: is of a trunk, or of no endpoint: no account (1: telia)",
                        "identify: lets somebody in by the address, without a password, as nothing does here (1: telia)",
                        "acl: is for all who send SIP: a firewall does that, or each account's allow-list (1: lan-only)");
    }

    @Test
    void remarksOfManyAccounts_nameTheFirst() {
        var summary = new RemarkSummary();
        for (var i = 0; i < 120; i++) {
            summary.add(new Remark(i, "1%02d".formatted(i), "mailboxes", Why.VOICEMAIL));
            summary.add(new Remark(i, "1%02d".formatted(i), "voicemail", Why.VOICEMAIL));
        }
        assertThat(summary.lines())
                .containsExactly("mailboxes, voicemail: there is no voicemail here (120: 100, 101, 102, …)");
    }

    @Test
    void controlCharacters_ofAFile_areNotShown() {
        assertThat(in("[\u001b[2Jx]", "type=endpoint").summary())
                .singleElement()
                .asString()
                .contains("\uFFFD[2Jx")
                .doesNotContain("\u001b");
    }

    // the file's own rules

    @Test
    void section_inheritsInItsOrder_andItsOwnSettingsCountLast() {
        var found = in(
                "[a](!)",
                "type=endpoint",
                "auth=x",
                "callerid=A <1>",
                "[b](!,a)",
                "callerid=B <2>",
                "[501](a,b)",
                "auth=501",
                "[502](b,a)",
                "auth=501",
                "[501](+)",
                "callerid=Last <3>",
                "[501]",
                "type=auth",
                "username=501",
                "password=",
                "password+=secret",
                "password+=-more");
        assertThat(found.accounts())
                .extracting(account -> account.settings().callerIdName())
                .containsExactly("Last", "A");
        assertThat(found.logins()).containsExactly("501 secret-more", "501 secret-more");
    }

    @Test
    void addition_goesToTheSectionThatIsAskedFor() {
        var found = in(
                "[501]",
                "type=endpoint",
                "auth=501",
                "[501]",
                "type=auth",
                "username=501",
                "[501](+type=auth)",
                "password=added");
        assertThat(found.logins()).containsExactly("501 added");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[501 | the ] of the section's name is missing",
                "[501](a | the ) behind [501] is missing",
                "[501](nobody) | there is no section [nobody] before this to inherit from",
                "[501](+) | there is no section [501] before this to add to",
                "type=endpoint | this stands before the first [section]",
                "#password=secret | this is no #include: comments begin with a semicolon"
            })
    void line_thatCannotBeRead_isAProblem_andSoIsNothingUnderIt(String line, String problem) {
        assertThat(in(line, "type = endpoint", "auth = 501").problems().getFirst())
                .isEqualTo("line 1: " + problem);
        assertThat(in("[x]", "type=endpoint", "no setting").problems())
                .containsExactly("line 3: this is no setting: there is no = in it");
    }

    @Test
    void comments_mayBeWithinEachOther_andAnEscapedSemicolonIsNone() {
        var found = in(
                "[501] ; --; of a telephone",
                ";-- from here",
                ";-- and within --;",
                "type=transport",
                "to here --; type=endpoint",
                "auth=501 ;-- one --; ; two",
                "[501] ;----- a line, not a comment of many",
                "type=auth",
                "username=501",
                "password=a\\;b\\;--c");
        assertThat(found.logins()).containsExactly("501 a;b;--c");
        assertThat(in("[501]", "type=endpoint", ";-- never", "ends").problems())
                .containsExactly("line 4: a comment that began with ;-- does not end: --; is missing");
    }

    @Test
    void file_inAnotherEncoding_isRefused_untilItIsNamed() {
        var baltic = Charset.forName("windows-1257");
        var file = "[501]\ntype=endpoint\nauth=501\ncallerid=Šarūnė\n[501]\ntype=auth\nusername=501\npassword=x\n"
                .getBytes(baltic);
        assertThat(Found.in(AccountFormat.PJSIP, file, Optional.empty()).problems())
                .containsExactly("line 1: the file is not UTF-8 throughout: name its encoding, such as windows-1252");
        assertThat(Found.in(AccountFormat.PJSIP, file, Optional.of(baltic))
                        .settings("501")
                        .callerIdName())
                .isEqualTo("Šarūnė");
    }

    @Test
    void file_ofNothing_isAProblem() {
        assertThat(in("; nothing").problems()).containsExactly("line 1: there is no [section] in this file");
    }
}
