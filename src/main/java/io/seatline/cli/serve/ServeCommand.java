package io.seatline.cli.serve;

import io.seatline.api.OperatorApi;
import io.seatline.cli.command.ExitCode;
import io.seatline.cli.command.Terminal;
import io.seatline.cli.command.Version;
import io.seatline.environment.Config;
import io.seatline.server.Server;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code serve}: the server. */
@Command(
        name = "serve",
        description = "Starts the server. Without SEATLINE_DATABASE_URL it runs a PostgreSQL of its own under the data"
                + " directory, and fills a new one with a demo. SIGTERM stops it within ten seconds.",
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        var config = Terminal.of(spec).config();
        var server = Server.start(config, true);
        var out = spec.commandLine().getOut();
        var api = server.publicUrl() + OperatorApi.BASE;
        out.println("Seatline " + Version.number() + " is ready after "
                + ManagementFactory.getRuntimeMXBean().getUptime() + " ms.");
        out.println("  Operator API   " + api);
        out.println("  Its reference  " + server.publicUrl() + "/docs");
        out.println("  Console        " + server.publicUrl() + "/console, for the operator's staff");
        out.println("  SIP registrar  " + String.join(", ", config.sip().hosts()) + " port " + server.sipPort()
                + " (UDP, TCP)"
                + (server.sipTlsPort().isPresent()
                        ? " and " + server.sipTlsPort().getAsInt() + " (TLS)"
                        : "")
                + ", WebSocket at " + config.sip().webSocketPath() + " of the API's port; realm "
                + config.sip().realm()
                + (config.sip().moreRealms().isEmpty()
                        ? ""
                        : ", and for requests to it "
                                + String.join(" or ", config.sip().moreRealms())));
        if (config.http().publicUrl().isPresent()) {
            out.println("  Listening at   " + config.http().host() + " port " + server.port());
        }
        if (config.http().isNameless()) {
            out.println("  Its links begin with " + server.publicUrl()
                    + ", where no other machine finds it: set public.url to the address that clients know it by.");
        }
        out.println("  Management     http://" + config.management().host() + ":" + server.managementPort()
                + "/health/ready and /metrics");
        out.println("  Database       "
                + (server.environment().database().isEmbedded()
                        ? "its own PostgreSQL under " + config.dataDir()
                        : server.environment().database().url()));
        if (server.demoLoaded()) {
            out.println("A new database: it has a demo now, whose password everybody knows.");
        }
        if (server.demoLink().isPresent()) {
            out.println("Look at the demo in a browser:");
            out.println("  the operator's console, as username with the password password: " + server.publicUrl()
                    + "/console");
            out.println("  a customer's portal, with this link: "
                    + server.demoLink().get());
            out.println("or at a terminal:");
            out.println("  curl -i -u username:password -H 'Content-Type: application/vnd.api+json' " + api
                    + "/sip_device_routes/c1c798dc-ee42-462e-8fca-0fa96d6fe3c0");
            out.println("and register its phone: " + sipsak(config, server, "z4wnypvker", "08hxobdp5z"));
        } else {
            out.println("Try, with a credential that `bin/seatline operator create` made, the console above or");
            out.println("  curl -i -u LOGIN:PASSWORD -H 'Content-Type: application/vnd.api+json' " + api
                    + "/sip_device_routes");
            out.println("and, with an account's, " + sipsak(config, server, "USERNAME", "PASSWORD"));
        }
        out.flush();
        return ExitCode.RUNNING;
    }

    /** A line that registers a phone for an hour; a softphone needs the same four things. */
    private static String sipsak(Config config, Server server, String username, String password) {
        var host = config.sip().hosts().getFirst();
        // sipsak itself knows no IPv6
        return "sipsak -U -s sip:" + username + "@"
                + (host.contains(":") || host.equals("0.0.0.0") ? "127.0.0.1" : host) + " -r " + server.sipPort()
                + " -u " + username + " -a " + password + " -x 3600";
    }
}
