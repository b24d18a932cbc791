package io.seatline.support;

import static io.seatline.support.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * An account that phones register with, as the Operator API shows it.
 *
 * @param server the server whose API is asked
 */
public record PhoneAccount(TestServer server, String id, String username) {
    /** Right for every one of them. */
    public static final String PASSWORD = "correct-horse-battery";

    /** A new account of the operator "test", whose customer 123 is there; phones may use it from everywhere. */
    public static PhoneAccount create(TestServer server, String username) {
        return create(server, username, "");
    }

    /** As {@link #create(TestServer, String)}, but phones may use it from these addresses only. */
    public static PhoneAccount create(TestServer server, String username, String allowedIps) {
        var id = UUID.randomUUID().toString();
        server.account("test", TestServer.plain(id, "123", username, allowedIps));
        return new PhoneAccount(server, id, username);
    }

    public boolean isOnline() {
        return attributes().path("is_online").booleanValue();
    }

    /** The user agent that the API shows, empty where it shows none. */
    public String userAgent() {
        return attributes().path("user_agent").asString("");
    }

    /** Lets phones use it from these addresses only, by a PATCH. What is forbidden by it is so at once. */
    public void allowOnly(String addresses) {
        var response = server.patch("/sip_device_routes/" + id, """
                {"data": {"type": "sip_device_routes", "id": "%s",
                          "attributes": {"use_allowed_ips": true, "allowed_ips": "%s"}}}
                """.formatted(id, addresses));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /** Waits until a phone may register from {@code address}; it is not registered afterwards. */
    public void awaitAllowed(String address) {
        try (var phone = Phone.from(address, server, username, PASSWORD)) {
            Await.until(() -> phone.registers().status() == 200);
            assertThat(phone.unregisters().status()).isEqualTo(200);
        }
    }

    /** How many contacts phones have registered. */
    public long bindings() {
        return server.database()
                .number("SELECT count(*) FROM bindings WHERE expires_at > now() AND account_id = '" + id + "'");
    }

    /** Why registrations were refused, the latest first; empty where none was. */
    public String lastRefusal() {
        return server.text(
                "SELECT reason FROM refusals WHERE account_id = '" + id + "' ORDER BY last_seen_at DESC LIMIT 1");
    }

    private JsonNode attributes() {
        return json(server.get("/sip_device_routes/" + id)).path("data").path("attributes");
    }
}
