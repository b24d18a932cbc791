package io.seatline.account.foreign;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddress.IPVersion;
import inet.ipaddr.IPAddressString;
import io.seatline.account.AllowList;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules that permit and deny addresses, as Asterisk reads them: of those that an address fits, the last one counts, and
 * whom none fits is let in. They become a list of allowed addresses where everybody is denied first.
 */
final class AccessRules {
    private final List<IPAddress> allowed = new ArrayList<>();
    private final Set<IPVersion> closed = EnumSet.noneOf(IPVersion.class);
    private boolean anyAllowed;
    private boolean exceptions;
    private boolean unreadable;

    void permit(String entries) {
        add(true, entries);
    }

    void deny(String entries) {
        add(false, entries);
    }

    /** Entries are parted by commas, or in FreePBX by ampersands; one behind an exclamation mark means the opposite. */
    private void add(boolean permitted, String entries) {
        for (var entry : entries.split("[,&]", -1)) {
            var text = entry.strip();
            var opposite = text.startsWith("!");
            if (!text.isEmpty()) {
                block(opposite ? text.substring(1) : text)
                        .ifPresentOrElse(
                                block -> add(permitted != opposite, block), () -> unreadable(permitted != opposite));
            }
        }
    }

    private void unreadable(boolean permitted) {
        unreadable |= permitted;
        exceptions |= !permitted;
    }

    private void add(boolean permitted, IPAddress block) {
        var version = block.getIPVersion();
        if (block.getNetworkPrefixLength() == 0) {
            allowed.removeIf(one -> one.getIPVersion() == version);
            exceptions = false;
            if (!permitted) {
                closed.add(version);
            } else {
                closed.remove(version);
                anyAllowed = false;
                if (version.isIPv6() && restrict()) {
                    allowed.add(block);
                }
            }
        } else if (permitted) {
            anyAllowed = true;
            if (isClosed(version)) {
                allowed.add(block);
            }
        } else {
            allowed.removeIf(block::contains);
            exceptions |= !isClosed(version) || allowed.stream().anyMatch(one -> one.contains(block));
        }
    }

    /** Who denies all of IPv4 seldom thinks of IPv6. */
    private boolean isClosed(IPVersion version) {
        return closed.contains(version) || closed.contains(IPVersion.IPV4);
    }

    /** The block that an address with a prefix or a mask behind it lies in, or the address alone. */
    private static Optional<IPAddress> block(String text) {
        var slash = text.indexOf('/');
        var address = AllowList.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.entries().size() != 1) {
            return Optional.empty();
        }
        var lower = new IPAddressString(address.entries().getFirst())
                .getAddress()
                .getLower()
                .withoutPrefixLength();
        return prefix(slash < 0 ? Integer.toString(lower.getBitCount()) : text.substring(slash + 1), lower)
                .map(lower::toPrefixBlock);
    }

    private static Optional<Integer> prefix(String text, IPAddress address) {
        if (text.matches("[0-9]{1,3}")) {
            return Optional.of(Integer.valueOf(text)).filter(prefix -> prefix <= address.getBitCount());
        }
        var mask = AllowList.parse(text);
        return mask.entries().size() == 1
                ? Optional.of(new IPAddressString(mask.entries().getFirst()).getAddress())
                        .filter(found -> found.getIPVersion() == address.getIPVersion())
                        .map(found -> found.withoutPrefixLength().getBlockMaskPrefixLength(true))
                : Optional.empty();
    }

    /** Whether only some addresses are let in. */
    boolean restrict() {
        return !closed.isEmpty();
    }

    /** Those that are let in, joined by commas, where only some are. */
    String allowed() {
        var blocks = allowed.stream().map(IPAddress::toCanonicalString);
        return (closed.contains(IPVersion.IPV4) ? blocks : Stream.concat(Stream.of("0.0.0.0/0"), blocks))
                .collect(Collectors.joining(","));
    }

    /** Whether addresses are denied that a list of allowed ones would let in. */
    boolean haveExceptions() {
        return exceptions;
    }

    /** Whether some are permitted while nobody is denied, which restricts nobody. */
    boolean permitInVain() {
        return !restrict() && anyAllowed;
    }

    /** Whether something is permitted that is no address. */
    boolean unreadable() {
        return unreadable;
    }
}
