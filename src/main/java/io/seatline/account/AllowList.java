package io.seatline.account;

import static java.util.stream.Collectors.joining;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import io.seatline.validation.Addresses;
import io.seatline.validation.Violation;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A list of the addresses and blocks that something is open to, IPv4 and IPv6, in their canonical form. Its entries are
 * read as addresses when they are first asked, which a page of accounts that shows lists never does.
 */
public final class AllowList {
    /** The list with nobody on it. */
    public static final AllowList NONE = new AllowList("", List.of());

    private static final String ATTRIBUTE = "allowed_ips";
    private static final int MAX_ENTRIES = 100;
    private static final int MAX_ENTRY = 49;
    private static final int MAX_QUOTED = 80;
    private static final int MAPPED_PREFIX = 96;

    /**
     * A prefix has no leading zeros and at most three digits: the library takes one of very many for 0, which is
     * everybody.
     */
    private static final Pattern WRITTEN = Pattern.compile("[^/]+(/(0|[1-9][0-9]{0,2}))?");

    private static final IPAddressGenerator GENERATOR = new IPAddressGenerator();

    private static final Pattern MIXED = Pattern.compile(":[0-9]+\\.");

    /**
     * Only what RFC 4291 and RFC 4632 write: no octal or hexadecimal parts, no missing ones, no ranges, masks or zones.
     */
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

    private final String text;
    private final List<Violation> problems;
    private volatile @Nullable List<IPAddress> blocks;

    private AllowList(String text, List<Violation> problems) {
        this.text = text;
        this.problems = problems;
    }

    /** The list of these blocks. */
    public static AllowList of(List<IPAddress> blocks) {
        return new AllowList(
                blocks.stream().map(AllowList::canonical).distinct().collect(joining(",")), List.of());
    }

    /**
     * Reads a list as a person or a system writes it, separated by commas or white space. Strictly, because a typing
     * error in it must never open an account: nothing may be stored of a list that has {@link #problems}.
     */
    public static AllowList parse(String text) {
        var written = Arrays.stream(text.split("[,\\s]+", -1))
                .filter(entry -> !entry.isEmpty())
                .distinct()
                .toList();
        if (written.size() > MAX_ENTRIES) {
            return new AllowList(
                    "",
                    List.of(problem(
                            AccountRule.ALLOWED_IPS_MANY,
                            "must have at most " + MAX_ENTRIES + " entries, and has " + written.size(),
                            MAX_ENTRIES,
                            written.size())));
        }
        var entries = new LinkedHashSet<String>();
        var problems = new ArrayList<Violation>();
        for (var entry : written) {
            var address = entry.length() <= MAX_ENTRY && WRITTEN.matcher(entry).matches()
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
        return new AllowList(String.join(",", entries), List.copyOf(problems));
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
    public static AllowList stored(String stored) {
        return stored.indexOf(':') >= 0 && MIXED.matcher(stored).find()
                ? parse(stored)
                : new AllowList(stored, List.of());
    }

    private static String quoted(String entry) {
        return entry.codePointCount(0, entry.length()) <= MAX_QUOTED
                ? entry
                : entry.substring(0, entry.offsetByCodePoints(0, MAX_QUOTED)) + "…";
    }

    private static Violation problem(AccountRule rule, String message, Object... values) {
        return new Violation(ATTRIBUTE, rule, message, values);
    }

    /** What of a list that somebody wrote can't be used. */
    public List<Violation> problems() {
        return problems;
    }

    /** Whether nobody is on it. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** Its blocks, each once, in the order given. */
    public List<String> entries() {
        return isEmpty() ? List.of() : List.of(text.split(","));
    }

    /** Whether {@code address} lies in one of its blocks. */
    public boolean contains(InetAddress address) {
        return !isEmpty() && contains(Addresses.plain(GENERATOR.from(address)));
    }

    /** Whether {@code address}, a block too, lies in one of its blocks. */
    public boolean contains(IPAddress address) {
        return blocks().stream().anyMatch(block -> block.contains(address));
    }

    private List<IPAddress> blocks() {
        var known = blocks;
        if (known == null) {
            known = entries().stream()
                    .map(entry -> new IPAddressString(entry).getAddress())
                    .toList();
            blocks = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AllowList list && text.equals(list.text) && problems.equals(list.problems);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it is shown: joined by commas. */
    @Override
    public String toString() {
        return text;
    }
}
