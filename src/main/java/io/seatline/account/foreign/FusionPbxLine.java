package io.seatline.account.foreign;

import static io.seatline.account.Setting.INCOMING_EXTERNAL;
import static io.seatline.account.Setting.INCOMING_INTERNAL;
import static io.seatline.account.Setting.OUTGOING_EXTERNAL;
import static io.seatline.account.Setting.OUTGOING_INTERNAL;

import io.seatline.account.foreign.TableReader.Line;
import io.seatline.account.foreign.TableReader.LineReader;
import java.util.List;
import java.util.Set;

/** A line of FusionPBX' extensions. */
final class FusionPbxLine implements LineReader {
    private static final List<String> FORWARDING = List.of(
            "forward_all_enabled",
            "forward_busy_enabled",
            "forward_no_answer_enabled",
            "forward_user_not_registered_enabled",
            "follow_me_enabled",
            "do_not_disturb");

    private static final Set<String> OFF = Set.of("false", "f", "no", "n", "0", "off");

    @Override
    public List<String> needed() {
        return List.of("extension", "password");
    }

    @Override
    public void read(Line line, Findings findings) {
        var extension = line.take("extension");
        var draft = new Draft(line.number(), extension, extension, findings);
        if (OFF.contains(line.take("enabled"))) {
            draft.leaveOut("enabled", "is switched off, as no account here can be");
        }
        if (line.take("extension_type").equals("virtual")) {
            draft.leaveOut("extension_type", "is virtual, so that no phone registers");
        }
        draft.password("password", line.takeAsItIs("password"));
        draft.callerIdName("effective_caller_id_name", line.take("effective_caller_id_name"));
        draft.internalCallerId("effective_caller_id_number", line.take("effective_caller_id_number"));
        draft.extension("extension", extension);
        var alias = line.take("number_alias");
        if (!alias.isEmpty()) {
            draft.remark("number_alias", Why.ALIAS);
            draft.internalCallerId("number_alias", alias);
        }
        draft.externalCallerId("outbound_caller_id_number", line.take("outbound_caller_id_number"));
        for (var other : List.of("outbound_caller_id_name", "emergency_caller_id_name", "emergency_caller_id_number")) {
            if (!line.take(other).isEmpty()) {
                draft.remark(other, Why.CALLER_ID);
            }
        }
        access(line, draft);
        FORWARDING.stream().filter(line::takeFlag).forEach(setting -> draft.remark(setting, Why.FORWARDING));
        if (!line.take("max_registrations").isEmpty()) {
            draft.remark("max_registrations", Why.CONTACTS);
        }
        if (!line.take("mwi_account").isEmpty()) {
            draft.remark("mwi_account", Why.VOICEMAIL);
        }
        var recorded = line.take("user_record");
        var context = line.take("user_context");
        var domain = line.take("domain_name");
        line.skipAll("forward_");
        line.skip(
                "extension_uuid",
                "domain_uuid",
                "follow_me_uuid",
                "follow_me_destinations",
                "unique_id",
                "insert_date",
                "insert_user",
                "update_date",
                "update_user");
        line.rest(draft);
        recording(draft, recorded);
        draft.finish(domain.isEmpty() ? (context.isEmpty() ? null : context) : domain);
    }

    /** An access list names one of FreeSWITCH's, or has blocks itself. The cidr lets calls in, and restricts nobody. */
    private static void access(Line line, Draft draft) {
        var list = line.take("auth_acl");
        if (list.contains("/")) {
            var rules = new AccessRules();
            rules.deny("0.0.0.0/0");
            rules.permit(list);
            draft.access("auth_acl", rules);
        } else if (!list.isEmpty()) {
            draft.problem(
                    "auth_acl names an access list, which is not in the file, so that everybody would be let in here: put its"
                            + " blocks in its place, such as 192.0.2.0/24");
        }
        if (!line.take("cidr").isEmpty()) {
            draft.remark("cidr", Why.BY_ADDRESS);
        }
    }

    private static void recording(Draft draft, String which) {
        var all = which.equals("all");
        var local = all || which.equals("local");
        draft.recording(INCOMING_INTERNAL, local);
        draft.recording(INCOMING_EXTERNAL, all || which.equals("inbound"));
        draft.recording(OUTGOING_INTERNAL, local);
        draft.recording(OUTGOING_EXTERNAL, all || which.equals("outbound"));
    }
}
