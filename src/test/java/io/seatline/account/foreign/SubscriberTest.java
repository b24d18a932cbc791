package io.seatline.account.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table subscriber of Kamailio and OpenSIPS, as CSV and as what {@code mysql --batch} and COPY write. */
@Tag("pure")
class SubscriberTest {
    private static final String HA1 = "5068a2bbefb6f7e12f6ef00084cd3a4d";

    private final Found kamailio = Found.inSample(AccountFormat.KAMAILIO, "kamailio.csv");
    private final Found opensips = Found.inSample(AccountFormat.OPENSIPS, "opensips.tsv");

    @Test
    void password_isKept_whereItIsKnown_andElseTheHa1WithItsRealm() {
        assertThat(kamailio.logins())
                .containsExactly(
                        "401 first-secret",
                        "402 sip.example.com " + HA1,
                        "403 only-password",
                        "404 sip.example.com 51a1e6b112c014e45c410392dd7c735c",
                        "405 no-domain-secret",
                        "409 short-hash");
    }

    @Test
    void password_thatDoesNotMakeTheHa1_isGivenUp() {
        assertThat(kamailio.notKept("password")).containsExactly("404@sip.example.com");
    }

    @Test
    void hash_thatIsNone_isGivenUp() {
        assertThat(kamailio.notKept("ha1")).containsExactly("409@sip.example.com");
    }

    @Test
    void accountThatNobodyCouldLogInTo_isAProblem() {
        assertThat(kamailio.problems())
                .containsExactly(
                        "line 7: 406@sip.example.com: there is no password: nobody could log in",
                        "line 8: 407: there is only an ha1, and no domain that tells its realm",
                        "line 9: 408@sip.example.com: the ha1 must have 32 hexadecimal digits, and there is no password",
                        "line 11: 410@sip.example.com: there is only an ha1b, which is of username@domain");
    }

    @Test
    void number_isTheInternalCallerId_andTheRemotePartyIdTheExternalOne() {
        var account = kamailio.account("401");
        assertThat(account.settings().internalCallerId()).isEqualTo(401);
        assertThat(account.settings().externalCallerId()).isNull();
        assertThat(account.domain()).isEqualTo("sip.example.com");
        assertThat(kamailio.recorded("401")).isEmpty();
        assertThat(account.line()).isEqualTo(2);

        assertThat(opensips.settings("37060000501").externalCallerId()).isEqualTo(37060000501L);
        assertThat(opensips.settings("503").externalCallerId()).isNull();
        assertThat(opensips.notKept("rpid")).containsExactly("503@voip.example.net");
    }

    @Test
    void cells_ofADatabase_areUnescaped_andNotQuoted() {
        assertThat(opensips.logins())
                .containsExactly(
                        "37060000501 tab\tand\\back",
                        "502 voip.example.net 4277c42e2374f5916f222570cc5c9abf",
                        "503 \"quoted");
    }

    @Test
    void otherHashes_areRemarkedOnce() {
        assertThat(opensips.summary())
                .containsExactly(
                        "username: is no internal caller ID here: that has up to 10 digits, and no zero in front"
                                + " (1: 37060000501@voip.example.net)",
                        "email_address, ha1_sha256: nothing here is like it: an account has a login, caller IDs and an allow-list",
                        "rpid: is no external caller ID here: that has up to 15 digits in the international form, so no zero in"
                                + " front (1: 503@voip.example.net)");
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void null_isNoPassword_howeverItIsWritten(String file) {
        assertThat(Found.in(AccountFormat.KAMAILIO, file).logins()).containsExactly("jonas a.example " + HA1);
    }

    static Stream<String> nulls() {
        return Stream.of(
                "username,domain,password,ha1\njonas,a.example,\\N," + HA1 + "\n",
                "username,domain,password,ha1\njonas,a.example,NULL," + HA1 + "\n",
                "username,domain,password,ha1\njonas,a.example,," + HA1.toUpperCase(Locale.ROOT) + "\n",
                "USERNAME;DOMAIN;HA1\njonas;a.example;" + HA1 + "\n",
                "ha1\tusername\tdomain\tpassword\n" + HA1 + "\tjonas\ta.example\t\\N\n",
                "\uFEFFusername,domain,password,ha1\r\n\"jonas\",\"a.example\",\"\",\"" + HA1 + "\"\r\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"KAMAILIO", "OPENSIPS"})
    void file_withoutAHeader_saysThatItMustHaveOne(AccountFormat format) {
        assertThat(Found.in(format, "1\tjonas\ta.example\tsecret-of-jonas\t\t\n")
                        .problems())
                .containsExactly("line 1: the column username is missing: the first line must name the columns");
    }

    @Test
    void file_withNothingToLogInWith_isRefusedAtOnce() {
        assertThat(Found.in(AccountFormat.KAMAILIO, "id,username,domain\n1,a,b\n2,b,b\n")
                        .problems())
                .containsExactly("line 1: there is no column password or ha1: nobody could log in");
    }

    @Test
    void username_thatCannotBeKept_isAProblem() {
        var found =
                Found.in(AccountFormat.KAMAILIO, "username,domain,password\njonas petraitis,a.example,some-password\n");
        assertThat(found.accounts()).isEmpty();
        assertThat(found.problems()).containsExactly("line 2: the username must be 1 to 64 of A-Z a-z 0-9 . _ + -");
    }
}
