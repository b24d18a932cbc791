package io.seatline.account.foreign;

import static io.seatline.account.Setting.INCOMING_EXTERNAL;
import static io.seatline.account.Setting.INCOMING_INTERNAL;
import static io.seatline.account.Setting.ON_DEMAND;
import static io.seatline.account.Setting.OUTGOING_EXTERNAL;
import static io.seatline.account.Setting.OUTGOING_INTERNAL;

import io.seatline.account.foreign.TableReader.Line;
import io.seatline.account.foreign.TableReader.LineReader;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A line of the extensions that FreePBX's Bulk Handler exports: what its modules know of an extension, side by side.
 */
final class FreePbxLine implements LineReader {
    private static final Set<String> SIP = Set.of("", "sip", "pjsip");

    @Override
    public List<String> needed() {
        return List.of("extension", "secret", "md5_cred");
    }

    @Override
    public void read(Line line, Findings findings) {
        var extension = line.take("extension");
        var device = line.take("id");
        var username = device.isEmpty() ? extension : device;
        var technology = line.take("tech").toLowerCase(Locale.ROOT);
        if (username.isEmpty()) {
            findings.remark(line.number(), null, "extension", "is empty in a line, which is no account then");
            return;
        }
        var draft = new Draft(line.number(), username, username, findings);
        if (!SIP.contains(technology)) {
            draft.leaveOut("tech", "is not SIP");
        }
        // FreePBX leaves Asterisk's default realm as it is
        draft.credentials(
                "secret", line.takeAsItIs("secret"), "md5_cred", line.take("md5_cred"), PjsipReader.DEFAULT_REALM);
        callerIds(line, draft, extension);
        access(line, draft, technology.equals("pjsip"));
        var mailbox = line.take("voicemail");
        if (line.takeFlag("voicemail_enable") || !Set.of("", "novm").contains(mailbox)) {
            draft.remark("voicemail", Why.VOICEMAIL);
        }
        if (line.takeFlag("findmefollow_enabled")) {
            draft.remark("findmefollow", Why.FORWARDING);
        }
        if (!Set.of("", "1").contains(line.take("max_contacts"))) {
            draft.remark("max_contacts", Why.CONTACTS);
        }
        if (!line.take("password").isEmpty()) {
            draft.remark("password", "is a person's PIN; phones log in with the secret, which is kept");
        }
        draft.recording(INCOMING_INTERNAL, recorded(line, "recording_in_internal"));
        draft.recording(INCOMING_EXTERNAL, recorded(line, "recording_in_external"));
        draft.recording(OUTGOING_INTERNAL, recorded(line, "recording_out_internal"));
        draft.recording(OUTGOING_EXTERNAL, recorded(line, "recording_out_external"));
        draft.recording(
                ON_DEMAND,
                Set.of("enabled", "override")
                        .contains(line.take("recording_ondemand").toLowerCase(Locale.ROOT)));
        line.skipAll("voicemail_");
        line.skipAll("findmefollow_");
        line.skip(
                "account",
                "callerid",
                "defaultuser",
                "description",
                "devicedata",
                "devicetype",
                "dial",
                "host",
                "mailbox",
                "recording_priority",
                "sipdriver",
                "type",
                "user",
                "vmexten");
        line.rest(draft);
        draft.finish(null);
    }

    private static void callerIds(Line line, Draft draft, String extension) {
        draft.callerIdName("name", line.take("name"));
        draft.internalCallerId("cid_masquerade", line.take("cid_masquerade"));
        draft.extension("extension", extension);
        var outbound = CallerId.parse(line.take("outboundcid"));
        draft.externalCallerId("outboundcid", outbound.number());
        if (!outbound.name().isEmpty()) {
            draft.remark("outboundcid", Why.CALLER_ID);
        }
        if (!line.take("emergency_cid").isEmpty()) {
            draft.remark("emergency_cid", Why.CALLER_ID);
        }
        if (!line.take("sipname").isEmpty()) {
            draft.remark("sipname", Why.ALIAS);
        }
    }

    /** A device of chan_pjsip may have lists from its time with chan_sip, which Asterisk does not see. */
    private static void access(Line line, Draft draft, boolean pjsip) {
        var rules = new AccessRules();
        rules.deny(line.take("deny"));
        rules.permit(line.take("permit"));
        if (!pjsip) {
            draft.access("permit", rules);
        } else if (rules.restrict()) {
            draft.remark("permit", "is not in force with chan_pjsip, and is not kept");
        }
        if (!line.take("match").isEmpty()) {
            draft.remark("match", Why.BY_ADDRESS);
        }
    }

    private static boolean recorded(Line line, String which) {
        return Set.of("force", "yes", "always").contains(line.take(which).toLowerCase(Locale.ROOT));
    }
}
