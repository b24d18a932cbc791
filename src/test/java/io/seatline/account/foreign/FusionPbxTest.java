package io.seatline.account.foreign;

import static io.seatline.account.Setting.INCOMING_EXTERNAL;
import static io.seatline.account.Setting.INCOMING_INTERNAL;
import static io.seatline.account.Setting.OUTGOING_EXTERNAL;
import static io.seatline.account.Setting.OUTGOING_INTERNAL;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The extensions of FusionPBX, as its page exports them and as psql does. */
@Tag("pure")
class FusionPbxTest {
    private final Found found = Found.inSample(AccountFormat.FUSIONPBX, "fusionpbx.csv");

    @Test
    void extension_logsInWithItsPassword() {
        assertThat(found.logins()).containsExactly("301 Q!w2,e\"3", "jonas jonas-secret", "304 alarm-secret");
        assertThat(found.account("301").domain()).isEqualTo("acme.example.com");
        assertThat(found.problems()).containsExactly("line 6: the username must be 1 to 64 of A-Z a-z 0-9 . _ + -");
    }

    @Test
    void extensionThatIsSwitchedOff_isLeftOut() {
        assertThat(found.notKept("enabled")).containsExactly("303");
        assertThat(Found.in(AccountFormat.FUSIONPBX, "extension,password,enabled\n310,some-secret,f\n311,,f\n")
                        .summary())
                .containsExactly("enabled: is switched off, as no account here can be: left out (2: 310, 311)");
    }

    @Test
    void callerIds_areKept_asFarAsTheyAreNumbers() {
        var desk = found.settings("301");
        assertThat(desk.callerIdName()).isEqualTo("Ona Onaitė");
        assertThat(desk.internalCallerId()).isEqualTo(301);
        assertThat(desk.externalCallerId()).isEqualTo(37052000301L);

        var named = found.settings("jonas");
        assertThat(named.internalCallerId()).as("by the alias").isEqualTo(302);
        assertThat(named.externalCallerId()).isEqualTo(37052000302L);

        var alarm = found.settings("304");
        assertThat(alarm.internalCallerId()).as("by the extension").isEqualTo(304);
        assertThat(alarm.externalCallerId()).isNull();
        assertThat(found.notKept("effective_caller_id_number")).containsExactly("304");
        assertThat(found.notKept("outbound_caller_id_number")).containsExactly("304");
        assertThat(found.notKept("number_alias")).containsExactly("jonas");
    }

    @Test
    void userRecord_saysWhichCallsAreRecorded() {
        assertThat(found.recorded("301"))
                .containsExactly(INCOMING_INTERNAL, INCOMING_EXTERNAL, OUTGOING_INTERNAL, OUTGOING_EXTERNAL);
        assertThat(found.recorded("jonas")).containsExactly(INCOMING_INTERNAL, OUTGOING_INTERNAL);
        assertThat(found.recorded("304")).containsExactly(OUTGOING_EXTERNAL);
    }

    @Test
    void authAcl_isAnAllowListWhereItHasBlocks_andTheCidrIsNone() {
        assertThat(found.settings("jonas").allowedIps()).hasToString("192.0.2.0/24,2001:db8::/32");
        assertThat(Found.in(AccountFormat.FUSIONPBX, "extension,password,auth_acl\n305,secret-305,lan\n")
                        .problems())
                .containsExactly(
                        "line 2: 305: auth_acl names an access list, which is not in the file, so that everybody would"
                                + " be let in here: put its blocks in its place, such as 192.0.2.0/24");
        assertThat(found.notKept("cidr")).containsExactly("jonas");
    }

    @Test
    void whatIsNotKept_isSummarised() {
        assertThat(found.summary())
                .contains(
                        "outbound_caller_id_name, emergency_caller_id_number: an account has one name, one internal and one"
                                + " external caller ID (1: 301)",
                        "forward_all_enabled, do_not_disturb: calls are not forwarded here (2: jonas, 304)",
                        "accountcode, limit_max, toll_allow, call_timeout, description: nothing here is like it: an account has a"
                                + " login, caller IDs and an allow-list");
    }

    @Test
    void domainName_countsBeforeTheContext() {
        var found = Found.in(
                AccountFormat.FUSIONPBX,
                "domain_name\textension\tpassword\tuser_context\tenabled\nb.example\t320\tpass\\\\word\tpublic\tt\n");
        assertThat(found.logins()).containsExactly("320 pass\\word");
        assertThat(found.account("320").domain()).isEqualTo("b.example");
    }
}
