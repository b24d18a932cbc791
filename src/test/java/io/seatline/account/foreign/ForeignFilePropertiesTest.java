package io.seatline.account.foreign;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.account.AccountSettings;
import io.seatline.account.PhoneSecret;
import io.seatline.support.Property;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds of any file at all. */
@Tag("pure")
class ForeignFilePropertiesTest {
    private static final String SECRET = "hush-hush";
    private static final String SECRET_HASH = "5ec1e700000000000000000000000000";

    private static final List<String> PJSIP = List.of(
            "[501]\ntype=endpoint",
            "[502](t)",
            "[t](!)\ntype=endpoint\nauth=501",
            "[501](+)",
            "[501]\ntype=auth\nusername=501",
            "username=5 0 1",
            "auth=501",
            "auth=502,501",
            "aors=501,502",
            "type=aor",
            "type=",
            "password=" + SECRET,
            "password+=" + SECRET,
            "auth_type=md5",
            "md5_cred=" + SECRET_HASH,
            "md5_cred=" + SECRET,
            "password_digest=MD5:" + SECRET_HASH + ",SHA-256:" + SECRET_HASH + SECRET_HASH,
            "refresh_token=" + SECRET,
            "#include x.conf",
            "#password=" + SECRET,
            SECRET,
            ";",
            ";--",
            "--;",
            "callerid=\"x\" <1>",
            "callerid=+370 600",
            "deny=0.0.0.0/0",
            "permit=192.0.2.1/32,!198.51.100.0/255.255.255.0",
            "[",
            "[501](",
            "=");

    private static final List<String> TABLES = List.of(
            "501," + SECRET + ",Name,192.0.2.1/32",
            "5 0 3," + SECRET + ",Name,198.51.100.0/24",
            SECRET + " " + SECRET + ",,,",
            "504,,,",
            ",,,",
            "\"",
            "505," + SECRET + ",,,," + SECRET);

    /** Lines such as those of a file, in no order. */
    private static String lines(RandomGenerator random, AccountFormat format) {
        var lines = new StringBuilder(
                switch (format) {
                    case PJSIP -> "";
                    case FREEPBX -> "extension,secret,name,permit\n";
                    case FUSIONPBX -> "extension,password,effective_caller_id_name,auth_acl\n";
                    case KAMAILIO, OPENSIPS -> "username,password,ha1,rpid\n";
                });
        var parts = switch (format) {
            case PJSIP -> PJSIP;
            case FREEPBX, FUSIONPBX -> TABLES;
            case KAMAILIO, OPENSIPS ->
                List.of("501,," + SECRET_HASH + ",", "502," + SECRET + "," + SECRET_HASH + ",+1", TABLES.getLast());
        };
        for (var left = random.nextInt(30); left > 0; left--) {
            lines.append(parts.get(random.nextInt(parts.size()))).append('\n');
        }
        return lines.toString();
    }

    @ParameterizedTest
    @EnumSource
    void anyBytes_areRead_withoutAnError(AccountFormat format) {
        Property.holds(
                random -> {
                    var bytes = new byte[random.nextInt(300)];
                    random.nextBytes(bytes);
                    return bytes;
                },
                bytes -> assertThat(
                                Found.in(format, bytes, Optional.of(ISO_8859_1)).accounts())
                        .isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void secrets_areNeverShown(AccountFormat format) {
        Property.holds(
                1_000,
                random -> lines(random, format),
                text -> assertThat(Found.in(format, text).shown()).doesNotContain(SECRET, SECRET_HASH));
    }

    @ParameterizedTest
    @EnumSource
    void accounts_keepTheRulesOfAccountsHere(AccountFormat format) {
        Property.holds(
                1_000,
                random -> lines(random, format),
                text -> assertThat(Found.in(format, text).accounts())
                        .allSatisfy(account -> assertThat(account.settings()
                                        .withSecret(new PhoneSecret.Password(AccountSettings.generatePassword()))
                                        .violations())
                                .isEmpty()));
    }

    /** A section of pjsip.conf with a type of its own, in any order, is an account, or remarked, or a problem. */
    @Test
    void everyEndpoint_isAnAccount_orRemarked_orAProblem() {
        Property.holds(
                random -> {
                    var sections = new ArrayList<String>();
                    for (var i = 0; i < 12; i++) {
                        sections.add("[e%d]\ntype=endpoint\n%s%s"
                                .formatted(
                                        i,
                                        random.nextBoolean() ? "auth=a" + random.nextInt(12) + "\n" : "",
                                        random.nextBoolean() ? "aors=e" + random.nextInt(12) + "\n" : ""));
                        sections.add("[a%d]\ntype=auth\nusername=u%d\n%s"
                                .formatted(i, i, random.nextBoolean() ? "password=x\n" : ""));
                        sections.add("[e%d]\ntype=%s\n".formatted(i, random.nextBoolean() ? "aor" : "identify"));
                    }
                    Collections.shuffle(sections, new Random(random.nextLong()));
                    return String.join("", sections);
                },
                text -> {
                    var found = Found.in(AccountFormat.PJSIP, text);
                    var lines = Arrays.asList(text.split("\n", -1));
                    for (var i = 0; i < 12; i++) {
                        var line = lines.indexOf("[e" + i + "]") + 1;
                        while (!lines.get(line).equals("type=endpoint")) {
                            line = line + 1 + lines.subList(line, lines.size()).indexOf("[e" + i + "]");
                        }
                        var place = line;
                        var name = "e" + i;
                        var ways = (int) found.accounts().stream()
                                        .filter(account -> account.line() == place)
                                        .count()
                                + (int) found.notKept("endpoint").stream()
                                        .filter(name::equals)
                                        .count()
                                + (int) found.problems().stream()
                                        .filter(problem -> problem.startsWith("line " + place + ": " + name + ":"))
                                        .count();
                        assertThat(ways).as(name).isEqualTo(1);
                    }
                });
    }
}
