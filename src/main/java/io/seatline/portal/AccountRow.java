package io.seatline.portal;

import io.seatline.account.SipAccount;
import io.seatline.registration.LivePhone;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One account in the list, and its newest phone. */
public record AccountRow(SipAccount account, Phone phone) {
    /**
     * The cells that change while the page is open.
     *
     * @param state {@code online}, {@code offline} or {@code deleted}
     * @param userAgent empty for none
     * @param source whence it registered, and over what; empty for none
     */
    public record Phone(String state, String userAgent, String source) {
        static Phone of(@Nullable LivePhone phone) {
            if (phone == null) {
                return new Phone("deleted", "", "");
            }
            return phone.online()
                    ? new Phone(
                            "online",
                            Objects.requireNonNullElse(phone.userAgent(), ""),
                            phone.sourceAddress() + " · " + phone.transport())
                    : new Phone("offline", "", "");
        }
    }
}
