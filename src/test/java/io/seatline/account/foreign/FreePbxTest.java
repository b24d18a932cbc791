package io.seatline.account.foreign;

import static io.seatline.account.Setting.INCOMING_EXTERNAL;
import static io.seatline.account.Setting.ON_DEMAND;
import static io.seatline.account.Setting.OUTGOING_EXTERNAL;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What FreePBX's Bulk Handler exports of extensions. */
@Tag("pure")
class FreePbxTest {
    private final Found found = Found.inSample(AccountFormat.FREEPBX, "freepbx.csv");

    @Test
    void extension_logsInWithItsSecret_orItsHa1InTheRealmOfAsterisk() {
        assertThat(found.logins())
                .containsExactly(
                        "201 8c9b1f04d2e7a653",
                        "202 p,q\"r",
                        "203 workshop-secret",
                        "0204 basement-secret",
                        "206 asterisk 00112233445566778899aabbccddeeff");
        assertThat(found.problems()).containsExactly("line 8: 207: there is no secret: nobody could log in");
    }

    @Test
    void callerIds_areKept_asFarAsTheyAreNumbers() {
        var reception = found.settings("201");
        assertThat(reception.callerIdName()).isEqualTo("Reception");
        assertThat(reception.internalCallerId()).isEqualTo(201);
        assertThat(reception.externalCallerId()).isEqualTo(37052000000L);

        var masked = found.settings("202");
        assertThat(masked.callerIdName()).isEqualTo("Kazlauskienė, Rūta");
        assertThat(masked.internalCallerId()).isEqualTo(200);
        assertThat(masked.externalCallerId()).isEqualTo(37052000002L);

        assertThat(found.settings("0204").internalCallerId()).isNull();
        assertThat(found.notKept("extension")).containsExactly("0204", "null");
        assertThat(found.notKept("outboundcid")).containsExactly("201", "203");
        assertThat(found.notKept("emergency_cid")).containsExactly("201");
    }

    @Test
    void recording_isWhatIsForcedOrWanted() {
        assertThat(found.recorded("201")).containsExactly(INCOMING_EXTERNAL, OUTGOING_EXTERNAL, ON_DEMAND);
        assertThat(found.recorded("202")).isEmpty();
        assertThat(found.recorded("203")).containsExactly(ON_DEMAND);
    }

    @Test
    void permit_isAnAllowList_onlyWhereItIsInForceAndRestricts() {
        assertThat(found.settings("202").allowedIps()).hasToString("192.0.2.0/24,198.51.100.7/32");
        assertThat(found.settings("203").allowedIps().isEmpty()).isTrue();
        assertThat(found.settings("0204").allowedIps().isEmpty()).isTrue();
        assertThat(found.notKept("permit")).containsExactly("0204");
    }

    @Test
    void whatIsNotKept_isSummarised() {
        assertThat(found.summary())
                .contains(
                        "voicemail: there is no voicemail here (1: 201)",
                        "findmefollow: calls are not forwarded here (1: 202)",
                        "match: lets somebody in by the address, without a password, as nothing does here (1: 0204)",
                        "max_contacts: how many phones an account may have is sip.contacts.max, for all accounts alike (1: 0204)",
                        "tech: is not SIP: left out (1: 205)",
                        "ringtimer, mohclass, context, dtmfmode, transport: nothing here is like it: an account has a login,"
                                + " caller IDs and an allow-list")
                .noneMatch(line -> line.contains("4711") || line.contains("secret-"));
    }

    @Test
    void device_thatIsNotNamedAsItsExtension_logsInByItsOwnName() {
        var found =
                Found.in(AccountFormat.FREEPBX, "EXTENSION,ID,TECH,SECRET,PASSWORD\n210,99210,pjsip,the-secret,1234\n");
        assertThat(found.logins()).containsExactly("99210 the-secret");
        assertThat(found.settings("99210").internalCallerId()).isEqualTo(210);
        assertThat(found.notKept("password")).containsExactly("99210");
    }
}
