package io.seatline.server;

import io.seatline.environment.Config;
import io.seatline.provisioning.PhoneServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** What others know the server by: the configuration's word, or the likeliest of what else it tells. */
final class PublicNames {
    private final Config config;
    private final Ports ports;

    PublicNames(Config config, Ports ports) {
        this.config = config;
        this.ports = ports;
    }

    /** What browsers and programs know it by, without a slash at the end. */
    URI url() {
        return config.http().publicUrl().orElseGet(() -> {
            var scheme = config.tls().certificate().isPresent() ? "https" : "http";
            var host = config.http().host();
            return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + ports.httpPort());
        });
    }

    /** What phones are told. The name that browsers know is the likeliest one that phones reach too. */
    PhoneServer phoneServer() throws IOException {
        var host = config.sip()
                .publicHost()
                .or(() -> config.http().publicUrl().map(url -> url.getHost().replaceAll("[\\[\\]]", "")))
                .or(() -> config.sip().hosts().stream()
                        .filter(one -> !Config.isWildcard(one))
                        .findFirst())
                .orElseGet(PublicNames::ownName);
        var certificate = config.tls().certificate();
        return new PhoneServer(
                host,
                ports.sip(),
                ports.sipTls(),
                certificate.isPresent()
                        && PublicCertificate.read(certificate.get()).isTrustedFor(host),
                url().toString().replaceFirst("^http", "ws") + config.sip().webSocketPath(),
                config.sip().realm(),
                url().toString());
    }

    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
