package io.seatline.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An answer of the SIP edge, as it came. */
public record SipAnswer(int status, String reason, List<Map.Entry<String, String>> headers, String text) {
    public static SipAnswer of(byte[] bytes, int length) {
        var text = new String(bytes, 0, length, UTF_8);
        var lines = text.split("\r\n", -1);
        var statusLine = lines[0].split(" ", 3);
        var headers = new ArrayList<Map.Entry<String, String>>();
        Arrays.stream(lines).skip(1).takeWhile(line -> !line.isEmpty()).forEach(line -> {
            var colon = line.indexOf(':');
            headers.add(Map.entry(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        });
        return new SipAnswer(Integer.parseInt(statusLine[1]), statusLine[2], headers, text);
    }

    public List<String> all(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    public Optional<String> header(String name) {
        return all(name).stream().findFirst();
    }

    /** The contacts with their remaining seconds. */
    public List<String> contacts() {
        return all("Contact");
    }

    /** The challenge for {@code algorithm}. */
    public Optional<String> challenge(String algorithm) {
        return all("WWW-Authenticate").stream()
                .filter(challenge -> challenge.contains("algorithm=" + algorithm + ","))
                .findFirst();
    }

    /** A quoted parameter of a challenge. */
    public static String parameter(String challenge, String name) {
        return challenge.replaceFirst(".*\\b" + name + "=\"([^\"]*)\".*", "$1");
    }
}
