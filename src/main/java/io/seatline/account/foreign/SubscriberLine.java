package io.seatline.account.foreign;

import io.seatline.account.foreign.TableReader.Line;
import io.seatline.account.foreign.TableReader.LineReader;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The table subscriber of Kamailio and of OpenSIPS: {@code ha1} is of {@code username:domain:password}, {@code ha1b} of
 * {@code username@domain:domain:password}, and there may be none of the password, the one or the other.
 */
final class SubscriberLine implements LineReader {
    /** What a Remote-Party-ID says: a number, or a SIP or tel URI, with a display name and brackets or without. */
    private static final Pattern NUMBER = Pattern.compile("(?:.*<)?(?:sips?:|tel:)?([^@;>]*).*");

    @Override
    public List<String> needed() {
        return List.of("username", "password", "ha1");
    }

    @Override
    public void read(Line line, Findings findings) {
        var username = line.take("username");
        var domain = line.take("domain");
        var password = line.takeAsItIs("password");
        var ha1 = line.take("ha1");
        var draft = new Draft(line.number(), domain.isEmpty() ? username : username + "@" + domain, username, findings);
        if (password.isEmpty() && ha1.isEmpty() && !line.take("ha1b").isEmpty()) {
            draft.problem("there is only an ha1b, which is of username@domain");
        } else {
            draft.credentials("password", password, "ha1", ha1, domain);
        }
        draft.extension("username", username);
        var rpid = NUMBER.matcher(line.take("rpid"));
        if (rpid.matches()) {
            draft.externalCallerId("rpid", rpid.group(1));
        }
        line.skip("id", "ha1b");
        line.rest(draft);
        draft.finish(domain.isEmpty() ? null : domain);
    }
}
