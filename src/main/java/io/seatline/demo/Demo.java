package io.seatline.demo;

import static io.seatline.account.Setting.ALLOWED_IPS;
import static io.seatline.account.Setting.ALLOW_EXTERNAL_CALLS;
import static io.seatline.account.Setting.CALLER_ID_NAME;
import static io.seatline.account.Setting.EXTERNAL_CALLER_ID;
import static io.seatline.account.Setting.INCOMING_EXTERNAL;
import static io.seatline.account.Setting.INCOMING_INTERNAL;
import static io.seatline.account.Setting.INTERNAL_CALLER_ID;
import static io.seatline.account.Setting.ON_DEMAND;
import static io.seatline.account.Setting.OUTGOING_EXTERNAL;
import static io.seatline.account.Setting.OUTGOING_INTERNAL;
import static io.seatline.account.Setting.USE_ALLOWED_IPS;

import com.github.f4b6a3.uuid.UuidCreator;
import io.seatline.account.AccountSettings;
import io.seatline.account.AllowList;
import io.seatline.account.NewAccount;
import io.seatline.account.PhoneSecret;
import io.seatline.account.SipAccounts;
import io.seatline.audit.Actor;
import io.seatline.customer.Customer;
import io.seatline.customer.Customers;
import io.seatline.environment.Config;
import io.seatline.environment.ConfigException;
import io.seatline.environment.Environment;
import io.seatline.operator.Credentials;
import io.seatline.operator.Operators;
import io.seatline.session.Opener;
import io.seatline.session.SessionLinks;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Something to look at on an empty data directory: the operator, the account and the credential of the contract's
 * examples, and more around them. Its password is public, so it is only ever served on loopback.
 */
public final class Demo {
    static final String OPERATOR = "demo";
    /** What the demo is looked at with. */
    public static final String USERNAME = "username";
    /** Everybody knows it. */
    public static final String PASSWORD = "password";

    /** The account of the contract's examples. */
    public static final UUID ACCOUNT = UUID.fromString("c1c798dc-ee42-462e-8fca-0fa96d6fe3c0");

    private static final String CUSTOMER = "123";
    private static final Actor ACTOR = new Actor("demo data", null, null);
    private static final List<String> NAMES =
            List.of("Reception", "Workshop", "Warehouse", "Sales", "Support", "Accounting", "Meeting room", "Door");

    private Demo() {}

    /** Loads the demo into a database that has no operator yet; true when it did. */
    public static boolean load(Environment environment) {
        return environment.database().jdbi().inTransaction(handle -> {
            if (!Operators.all(handle).isEmpty()) {
                return false;
            }
            var operator = Operators.create(handle, OPERATOR, ACTOR).orElseThrow();
            Credentials.add(handle, operator, USERNAME, PASSWORD, ACTOR);
            var accounts = new SipAccounts(environment.database().jdbi(), environment.accountPasswords());
            customer(handle, operator.id(), new Customer(CUSTOMER, "Baltic Bikes", "EN", 10L, null, 0));
            customer(handle, operator.id(), new Customer("fleet-7", "Таксопарк Семь", "RU", 4L, 5L, 0));
            customer(handle, operator.id(), new Customer("kavine", "Kavinė Prie Upės", "LT", null, null, 0));
            accounts.create(
                    handle,
                    operator.id(),
                    new NewAccount(
                            ACCOUNT,
                            "123",
                            AccountSettings.of("z4wnypvker", new PhoneSecret.Password("08hxobdp5z"))
                                    .with(CALLER_ID_NAME, "Helo bye")
                                    .with(USE_ALLOWED_IPS, true)
                                    .with(ALLOWED_IPS, AllowList.parse("127.0.0.1"))),
                    ACTOR);
            for (var i = 0; i < 29; i++) {
                accounts.create(
                        handle, operator.id(), account(i, i < 5 ? "fleet-7" : i % 2 == 0 ? "123" : "kavine"), ACTOR);
            }
            return true;
        });
    }

    /** Where a person can look at the demo at once. */
    public static Optional<String> link(Environment environment, SessionLinks links) {
        return environment
                .database()
                .jdbi()
                .withHandle(handle ->
                        Operators.find(handle, OPERATOR).filter(_ -> Credentials.accepts(handle, USERNAME, PASSWORD)))
                .flatMap(operator -> links.make(new Opener(operator.id(), ACTOR, Optional.empty()), CUSTOMER, false))
                .map(SessionLinks.Link::uri);
    }

    private static void customer(Handle handle, int operatorId, Customer customer) {
        var _ = Customers.create(handle, operatorId, customer, ACTOR);
    }

    private static NewAccount account(int i, String customerId) {
        var outside = i % 3 == 0;
        var lists = List.of("192.0.2.0/24", "2001:db8::/32, 198.51.100.7", "10.0.0.0/8");
        @Nullable String name = i % 7 == 6 ? null : NAMES.get(i % NAMES.size());
        return new NewAccount(
                UuidCreator.getTimeOrderedEpoch(),
                customerId,
                AccountSettings.of(
                                AccountSettings.generateUsername(),
                                new PhoneSecret.Password(AccountSettings.generatePassword()))
                        .with(INCOMING_INTERNAL, i % 4 == 1)
                        .with(INCOMING_EXTERNAL, i % 5 == 1)
                        .with(OUTGOING_INTERNAL, i % 4 == 2)
                        .with(OUTGOING_EXTERNAL, i % 5 == 2)
                        .with(ON_DEMAND, i % 6 == 3)
                        .with(CALLER_ID_NAME, name)
                        .with(INTERNAL_CALLER_ID, i % 5 == 4 ? null : 100L + i)
                        .with(EXTERNAL_CALLER_ID, outside ? Long.valueOf(37060000000L + i) : null)
                        .with(ALLOW_EXTERNAL_CALLS, outside)
                        .with(USE_ALLOWED_IPS, i % 2 == 1)
                        .with(ALLOWED_IPS, AllowList.parse(i % 2 == 1 ? lists.get(i % lists.size()) : "")));
    }

    /**
     * Refuses to serve the demo's public password to anybody but this machine.
     *
     * @throws ConfigException when the database has it and the server would be reachable from elsewhere
     */
    public static void refuseUnlessLoopback(Environment environment) {
        var config = environment.config();
        if (isLoopback(config)) {
            return;
        }
        var demo = environment.database().jdbi().withHandle(handle -> Credentials.accepts(handle, USERNAME, PASSWORD));
        if (demo) {
            throw new ConfigException("The database has the demo's credential, whose password everybody knows, and the"
                    + " server would be reachable from other machines (http.host, sip.host, public.url, trusted.proxies).\n"
                    + "Give it another with `bin/seatline operator credential rotate " + USERNAME
                    + "`, delete it all with `bin/seatline operator delete --yes " + OPERATOR
                    + "`, or start with SEATLINE_DEMO=off on an empty data directory.");
        }
    }

    /** Whether only this machine can reach the server, as far as its configuration tells. */
    public static boolean isLoopback(Config config) {
        // A trusted proxy is there to let others in.
        return isLoopback(config.http().host())
                && config.sip().hosts().stream().allMatch(Demo::isLoopback)
                && config.http().trustedProxies().isEmpty()
                && config.http()
                        .publicUrl()
                        .map(url -> isLoopback(url.getHost()))
                        .orElse(true);
    }

    private static boolean isLoopback(String host) {
        try {
            for (var address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
