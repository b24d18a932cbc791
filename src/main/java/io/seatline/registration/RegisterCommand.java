package io.seatline.registration;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A REGISTER whose sender has proved who it is, ready to be carried out.
 *
 * @param accountVersion the account's version whose password and allow-list were checked
 * @param nonce the nonce that was used: the time it was made at, microseconds since 1970
 * @param nonceCount how often the sender says to have used it
 * @param path what leads back to the phone (RFC 3327)
 * @param callId with {@code sequence}, the order of what one phone sends (RFC 3261 10.2)
 * @param wildcard {@code Contact: *}: all contacts, of which none is listed then
 * @param expires the Expires header, seconds
 * @param onlyContinues whether it may only go on with a live binding: of the same Call-ID, registered from the same
 *     address
 */
public record RegisterCommand(
        UUID accountId,
        long accountVersion,
        long nonce,
        long nonceCount,
        InetSocketAddress source,
        String transport,
        @Nullable String userAgent,
        @Nullable String path,
        String callId,
        long sequence,
        List<RequestedContact> contacts,
        boolean wildcard,
        OptionalInt expires,
        boolean onlyContinues) {
    public RegisterCommand {
        contacts = List.copyOf(contacts);
    }

    /** The seconds that {@code contact} asks for; empty when it leaves them to the registrar. */
    OptionalInt expires(RequestedContact contact) {
        return contact.expires().isPresent() ? contact.expires() : expires;
    }
}
