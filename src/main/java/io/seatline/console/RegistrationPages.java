package io.seatline.console;

import inet.ipaddr.IPAddressString;
import io.seatline.jsonapi.Kind;
import io.seatline.registration.OnlinePhones;
import io.seatline.registration.OnlinePhones.Filter;
import io.seatline.registration.OnlinePhones.Place;
import io.seatline.registration.Registration;
import io.seatline.registration.Registrations;
import io.seatline.web.Fields;
import io.seatline.web.PageRequest;
import io.seatline.web.PageResponse;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Who is online: how many by what, and one by one. */
public final class RegistrationPages {
    static final String PATH = "/console/registrations";

    /** The transports that phones can use. */
    public static final List<String> TRANSPORTS = List.of("UDP", "TCP", "TLS", "WS", "WSS");

    private static final int PAGE = 50;

    private final OnlinePhones phones;
    private final Registrations registrations;

    RegistrationPages(Jdbi jdbi) {
        this.phones = new OnlinePhones(jdbi);
        this.registrations = new Registrations(jdbi);
    }

    /** What was typed into the search. */
    public record Typed(String username, String source, String transport, String agent) {
        private static Typed of(Fields fields) {
            return new Typed(
                    fields.text("username"), fields.text("source"), fields.text("transport"), fields.text("agent"));
        }

        /** Whether there is anything. */
        public boolean isEmpty() {
            return (username + source + transport + agent).isEmpty();
        }

        private String link(String... more) {
            var fields = new String[8 + more.length];
            System.arraycopy(
                    new String[] {"username", username, "source", source, "transport", transport, "agent", agent},
                    0,
                    fields,
                    0,
                    8);
            System.arraycopy(more, 0, fields, 8, more.length);
            return Links.of(PATH, fields);
        }
    }

    /**
     * What the page shows.
     *
     * @param badSource whether what was typed is no address
     * @param ended not empty when a registration was ended just now
     * @param first the way to the first page, empty when this is it
     * @param next the way to the next one, empty for none
     */
    public record OnlineView(
            OnlinePhones.Counted counted,
            Typed typed,
            boolean badSource,
            List<Registration> registrations,
            String ended,
            String first,
            String next) {}

    PageResponse list(PageRequest<ConsolePrincipal> request) {
        var operator = request.principal().operatorId();
        var typed = Typed.of(request.query());
        var source = address(typed.source());
        var badSource = source.isEmpty() && !typed.source().isEmpty();
        var after = Kind.uuid(request.query().raw("after"))
                .map(account -> new Place(account, request.query().raw("contact")));
        var found = badSource
                ? List.<Registration>of()
                : phones.list(
                        operator,
                        new Filter(typed.username(), source, typed.transport(), typed.agent()),
                        after,
                        PAGE + 1);
        var shown = found.subList(0, Math.min(PAGE, found.size()));
        return PageResponse.html(
                "console/registrations.jte",
                new OnlineView(
                        phones.counted(operator),
                        typed,
                        badSource,
                        shown,
                        request.query().text("ended"),
                        after.isEmpty() ? "" : typed.link(),
                        found.size() > PAGE
                                ? typed.link(
                                        "after",
                                        shown.getLast().accountId().toString(),
                                        "contact",
                                        shown.getLast().contact())
                                : ""));
    }

    PageResponse kick(PageRequest<ConsolePrincipal> request) {
        var form = request.form();
        var account = Kind.uuid(form.raw("account"));
        var id = Kind.uuid(form.raw("registration"));
        var kicked = account.isPresent()
                && id.isPresent()
                && registrations.kick(
                        request.principal().scope(), account.get(), id.get().toString(), request.actor());
        return PageResponse.redirect(Typed.of(form).link("ended", kicked ? "1" : ""));
    }

    private static Optional<InetAddress> address(String text) {
        // the library reads an empty text as the loopback address
        return Optional.of(text)
                .filter(typed -> !typed.isEmpty())
                .flatMap(typed -> Optional.ofNullable(new IPAddressString(typed).getAddress()))
                .filter(address -> !address.isMultiple() && !address.isPrefixed())
                .map(address -> address.toInetAddress());
    }
}
