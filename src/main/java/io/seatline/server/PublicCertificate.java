package io.seatline.server;

import inet.ipaddr.IPAddressString;
import io.seatline.environment.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The server's certificate as a phone sees it that knows the public authorities and nothing else.
 *
 * @param chain the server's own first
 */
record PublicCertificate(List<X509Certificate> chain) {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    /** Reads a PEM file. */
    static PublicCertificate read(Path file) throws IOException {
        try (var stream = Files.newInputStream(file)) {
            return new PublicCertificate(CertificateFactory.getInstance("X.509").generateCertificates(stream).stream()
                    .map(X509Certificate.class::cast)
                    .toList());
        } catch (CertificateException e) {
            throw new ConfigException("tls.certificate: " + file + " can't be read: " + e.getMessage());
        }
    }

    /** Whether it is in force, of an authority that the JDK knows, and for that name or address. */
    boolean isTrustedFor(String host) {
        return isTrustedFor(host, null);
    }

    /** As above, of one of {@code authorities}; null for those that the JDK knows. */
    boolean isTrustedFor(String host, @Nullable KeyStore authorities) {
        try {
            if (chain.isEmpty() || !names(host)) {
                return false;
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities);
            var trust = Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
            trust.checkServerTrusted(
                    chain.toArray(X509Certificate[]::new),
                    chain.getFirst().getPublicKey().getAlgorithm());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** RFC 6125: its subject's alternative names, in which a star stands for the first label. */
    private boolean names(String host) throws CertificateParsingException {
        var names = Objects.requireNonNullElse(chain.getFirst().getSubjectAlternativeNames(), List.<List<?>>of());
        var address = new IPAddressString(host).getAddress();
        var wanted = host.toLowerCase(Locale.ROOT);
        return names.stream().anyMatch(name -> switch ((Integer) name.getFirst()) {
            case DNS_NAME -> {
                var given = ((String) name.get(1)).toLowerCase(Locale.ROOT);
                yield address == null
                        && (given.equals(wanted)
                                || (given.startsWith("*.")
                                        && given.substring(1).equals(wanted.replaceFirst("^[^.]+", ""))));
            }
            case IP_ADDRESS ->
                address != null && address.equals(new IPAddressString((String) name.get(1)).getAddress());
            default -> false;
        });
    }
}
