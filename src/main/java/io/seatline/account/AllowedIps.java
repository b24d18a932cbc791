package io.seatline.account;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import io.seatline.validation.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The list of addresses and blocks an account may register from, as a person or a system writes it: IPv4 and IPv6, separated by
 * commas or white space. Read strictly, because a typing error in it must never open an account.
 *
 * @param entries canonical blocks, each once, in the order given
 * @param problems what can't be used; then nothing may be stored
 */
public record AllowedIps(List<String> entries, List<Violation> problems) {
    private static final String ATTRIBUTE = "allowed_ips";
    private static final int MAXIMUM_ENTRIES = 100;
    private static final int LONGEST_ENTRY = 49;
    private static final int MAXIMUM_QUOTED = 80;
    private static final int MAPPED_PREFIX = 96;

    /** A prefix has no leading zeros and at most three digits: the library takes one of very many for 0, which is everybody. */
    private static final Pattern WRITTEN = Pattern.compile("[^/]+(/(0|[1-9][0-9]{0,2}))?");

    private static final Pattern MIXED = Pattern.compile(":[0-9]+\\.");

    /** Only what RFC 4291 and RFC 4632 write: no octal or hexadecimal parts, no missing ones, no ranges, masks or zones. */
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowPrefixOnly(false)
            .allowMask(false)
            .allowWildcardedSeparator(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .allowBinary(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allow_mixed_inet_aton(false)
            .getEmbeddedIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .allowBinary(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .getEmbeddedIPv4AddressParentBuilder()
            .allowZone(false)
            .allowBase85(false)
            .allowBinary(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .getParentBuilder()
            .toParams();

    /** Copies. */
    public AllowedIps {
        entries = List.copyOf(entries);
        problems = List.copyOf(problems);
    }

    /** Reads a list. */
    public static AllowedIps parse(String text) {
        var written = Arrays.stream(text.split("[,\\s]+", -1))
                .filter(entry -> !entry.isEmpty())
                .distinct()
                .toList();
        if (written.size() > MAXIMUM_ENTRIES) {
            return new AllowedIps(
                    List.of(),
                    List.of(problem(
                            AccountRule.ALLOWED_IPS_MANY,
                            "must have at most " + MAXIMUM_ENTRIES + " entries, and has " + written.size(),
                            MAXIMUM_ENTRIES,
                            written.size())));
        }
        var entries = new LinkedHashSet<String>();
        var problems = new ArrayList<Violation>();
        for (var entry : written) {
            var address =
                    entry.length() <= LONGEST_ENTRY && WRITTEN.matcher(entry).matches()
                            ? new IPAddressString(entry, STRICT).getAddress()
                            : null;
            if (address == null) {
                problems.add(problem(
                        AccountRule.ALLOWED_IPS_UNREADABLE,
                        quoted(entry) + " is not an IP address or a block such as 192.0.2.0/24",
                        quoted(entry)));
            } else if (!address.toPrefixBlock().getLower().equals(address.getLower())) {
                var block = canonical(address.toPrefixBlock());
                problems.add(problem(
                        AccountRule.ALLOWED_IPS_HOST_BITS,
                        quoted(entry) + " has bits set behind its prefix: is the block " + block + " meant?",
                        quoted(entry),
                        block));
            } else {
                entries.add(canonical(address));
            }
        }
        return new AllowedIps(List.copyOf(entries), problems);
    }

    /** The block in its one form: always with a prefix, and IPv4 where it is IPv4 mapped into IPv6. */
    private static String canonical(IPAddress address) {
        var prefix = address.isPrefixed() ? address.getNetworkPrefixLength() : address.getBitCount();
        var lower = address.getLower().withoutPrefixLength();
        if (lower.isIPv6() && lower.toIPv6().isIPv4Mapped() && prefix >= MAPPED_PREFIX) {
            return lower.toIPv6().getEmbeddedIPv4Address().toCanonicalString() + "/" + (prefix - MAPPED_PREFIX);
        }
        return lower.toCanonicalString() + "/" + prefix;
    }

    /** The list as {@code stored}, which PostgreSQL writes in its own way where an IPv6 address ends in an IPv4 one. */
    static String canonical(String stored) {
        return stored.indexOf(':') >= 0 && MIXED.matcher(stored).find()
                ? parse(stored).joined()
                : stored;
    }

    private static String quoted(String entry) {
        return entry.codePointCount(0, entry.length()) <= MAXIMUM_QUOTED
                ? entry
                : entry.substring(0, entry.offsetByCodePoints(0, MAXIMUM_QUOTED)) + "…";
    }

    private static Violation problem(AccountRule rule, String message, Object... values) {
        return new Violation(ATTRIBUTE, rule, message, values);
    }

    /** The list as it is shown and stored: joined by commas. */
    public String joined() {
        return String.join(",", entries);
    }
}
