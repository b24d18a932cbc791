package io.seatline.account.foreign;

import static io.seatline.account.Setting.ON_DEMAND;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.account.foreign.AsteriskConfig.Section;
import io.seatline.account.foreign.AsteriskConfig.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads Asterisk's pjsip.conf: each endpoint that others log in to, by its {@code auth}, is an account. Endpoints
 * without one, what registers elsewhere and what is let in by its address are trunks.
 */
final class PjsipReader {
    /** Of an auth that has none of its own, where {@code default_realm} is not set. */
    static final String DEFAULT_REALM = "asterisk";

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /**
     * Digits that a caller ID has at the least where it is a telephone number, unless it is the endpoint's own name.
     */
    private static final int SHORTEST_PHONE = 7;

    private static final String OTHER_END = "is of a trunk, or of no endpoint: no account";
    private static final String SERVERS_OWN = "is the server's, not an account's";

    /** What is read of an endpoint, an auth and an aor in other ways than by its name alone, or goes without saying. */
    private static final Set<String> READ = Set.of(
            "type",
            "auth",
            "aors",
            "callerid",
            "permit",
            "deny",
            "acl",
            "outbound_auth",
            "mailboxes",
            "max_contacts",
            "contact",
            "remove_existing",
            "one_touch_recording",
            "username",
            "password",
            "auth_type",
            "md5_cred",
            "password_digest",
            "realm");

    private final Findings findings;
    private final List<Section> sections;
    private final Map<String, Section> auths;
    private final Map<String, Section> aors;
    private final String defaultRealm;
    private final Set<Section> used = new HashSet<>();

    private PjsipReader(List<Section> sections, Findings findings) {
        this.sections = sections;
        this.findings = findings;
        this.auths = byName("auth");
        this.aors = byName("aor");
        this.defaultRealm = ofType("global")
                .map(global -> global.last("default_realm"))
                .filter(realm -> !realm.isEmpty())
                .findFirst()
                .orElse(DEFAULT_REALM);
    }

    static void read(InputStream file, Optional<Charset> encoding, ForeignRows rows) {
        var findings = new Findings(rows);
        try {
            var text = encoding.orElse(UTF_8)
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file.readAllBytes()))
                    .toString();
            var config = text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
            new PjsipReader(AsteriskConfig.read(config, findings), findings).read();
        } catch (CharacterCodingException e) {
            findings.problem(
                    1,
                    "the file is not " + encoding.orElse(UTF_8)
                            + " throughout: name its encoding, such as windows-1252");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stream<Section> ofType(String type) {
        return sections.stream().filter(section -> section.last("type").equals(type));
    }

    private Map<String, Section> byName(String type) {
        return ofType(type).collect(Collectors.toMap(Section::name, section -> section, (first, _) -> first));
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private void read() {
        if (sections.isEmpty()) {
            findings.problem(1, "there is no [section] in this file");
        }
        ofType("endpoint").forEach(this::endpoint);
        sections.stream().filter(section -> !used.contains(section)).forEach(this::other);
    }

    private void other(Section section) {
        var type = section.last("type");
        switch (type) {
            case "endpoint" -> {}
            case "auth", "aor", "registration" -> remark(section, type, OTHER_END);
            case "identify" -> findings.remark(section.line(), section.last("endpoint"), type, Why.BY_ADDRESS);
            case "acl" ->
                remark(section, type, "is for all who send SIP: a firewall does that, or each account's allow-list");
            case "wizard" -> remark(section, type, "is of pjsip_wizard.conf, which is not read");
            case "" -> remark(section, "type", "is missing: only sections with one are read");
            default -> findings.remark(section.line(), null, "type=" + type, SERVERS_OWN);
        }
    }

    private void remark(Section section, String setting, String why) {
        findings.remark(section.line(), section.name(), setting, why);
    }

    private void endpoint(Section endpoint) {
        var names = names(endpoint.last("auth"));
        if (names.isEmpty()) {
            remark(endpoint, "endpoint", "has no auth, so that nobody logs in to it: a trunk, and no account");
            return;
        }
        var auth = auths.get(names.getFirst());
        if (auth == null) {
            findings.problem(
                    endpoint.line(),
                    endpoint.name() + ": its auth [" + names.getFirst()
                            + "] is not in this file: join the files that are included");
            return;
        }
        account(endpoint, auth, names.size() > 1);
    }

    private void account(Section endpoint, Section auth, boolean severalAuths) {
        var draft = new Draft(endpoint.line(), endpoint.name(), auth.last("username"), findings);
        if (severalAuths) {
            draft.remark("auth", "names several: only the first is kept");
        }
        used.add(auth);
        credentials(auth, draft);
        callerId(endpoint, draft);
        draft.extension("endpoint", endpoint.name());
        access(endpoint, draft);
        if (!endpoint.last("outbound_auth").isEmpty()) {
            draft.remark("outbound_auth", "nothing logs in elsewhere here");
        }
        if (!endpoint.last("mailboxes").isEmpty()) {
            draft.remark("mailboxes", Why.VOICEMAIL);
        }
        noCounterparts(endpoint, draft);
        noCounterparts(auth, draft);
        places(endpoint, auth.last("username"), draft);
        draft.recording(ON_DEMAND, isTrue(endpoint.last("one_touch_recording")));
        draft.finish(null);
    }

    private static boolean isTrue(String value) {
        return Set.of("yes", "true", "on", "1", "y", "t").contains(value.toLowerCase(Locale.ROOT));
    }

    private void credentials(Section auth, Draft draft) {
        var type = auth.last("auth_type").toLowerCase(Locale.ROOT);
        var password = auth.last("password");
        var md5 = auth.last("md5_cred");
        var digestSetting = "md5_cred";
        for (var digest : names(auth.last("password_digest"))) {
            var colon = digest.indexOf(':');
            if (digest.substring(0, Math.max(colon, 0)).strip().equalsIgnoreCase("MD5")) {
                md5 = digest.substring(colon + 1).strip();
                digestSetting = "password_digest";
            } else {
                draft.remark("password_digest", "is kept for MD5 only");
            }
        }
        var realm = auth.last("realm");
        switch (type) {
            case "userpass" -> draft.password("password", password);
            case "md5" -> draft.credentials("password", "", digestSetting, md5, realm.isEmpty() ? defaultRealm : realm);
            case "", "digest" ->
                draft.credentials("password", password, digestSetting, md5, realm.isEmpty() ? defaultRealm : realm);
            default -> draft.problem("its auth_type is not one that phones log in with: userpass, md5 or digest");
        }
    }

    private static void callerId(Section endpoint, Draft draft) {
        var callerId = CallerId.parse(endpoint.last("callerid"));
        draft.callerIdName("callerid", callerId.name());
        var number = callerId.number();
        if (number.startsWith("+") || (number.length() >= SHORTEST_PHONE && !number.equals(endpoint.name()))) {
            draft.externalCallerId("callerid", number);
        } else {
            draft.internalCallerId("callerid", number);
        }
    }

    private static void access(Section endpoint, Draft draft) {
        var rules = new AccessRules();
        for (var setting : endpoint.settings()) {
            switch (setting.name()) {
                case "permit" -> rules.permit(setting.value());
                case "deny" -> rules.deny(setting.value());
                default -> {}
            }
        }
        draft.access("permit", rules);
        if (!endpoint.last("acl").isEmpty()) {
            draft.problem(
                    "acl names a list of acl.conf, which is not read, so that everybody would be let in here: put that list's"
                            + " permit and deny in its place");
        }
    }

    /** The aors of an endpoint: where it is reached. */
    private void places(Section endpoint, String username, Draft draft) {
        var places = names(endpoint.last("aors"));
        if (!places.isEmpty() && places.stream().noneMatch(aor -> user(aor).equalsIgnoreCase(username))) {
            draft.remark(
                    "aors",
                    "is not the username: the phone must register as its username, by which an account is known");
        }
        for (var name : places) {
            var aor = aors.get(name);
            if (aor == null) {
                draft.remark("aors", "is not in this file");
            } else {
                used.add(aor);
                place(aor, draft);
            }
        }
    }

    private static String user(String aor) {
        var at = aor.indexOf('@');
        return at < 0 ? aor : aor.substring(0, at);
    }

    private static void place(Section aor, Draft draft) {
        if (!Set.of("", "0", "1").contains(aor.last("max_contacts"))) {
            draft.remark("max_contacts", Why.CONTACTS);
        }
        if (!aor.last("contact").isEmpty()) {
            draft.remark("contact", "is a place without a registration: a phone must register here");
        }
        if (!aor.last("mailboxes").isEmpty()) {
            draft.remark("mailboxes", Why.VOICEMAIL);
        }
        noCounterparts(aor, draft);
    }

    private static void noCounterparts(Section section, Draft draft) {
        section.settings().stream()
                .filter(setting -> !setting.value().isEmpty())
                .map(Setting::name)
                .filter(name -> !READ.contains(name))
                .forEach(draft::noCounterpart);
    }
}
