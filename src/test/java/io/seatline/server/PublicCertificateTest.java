package io.seatline.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether phones are sent to TLS: only where they accept the certificate. */
final class PublicCertificateTest {
    @TempDir
    private static Path directory;

    private static PublicCertificate certificate;
    private static KeyStore authorities;

    @BeforeAll
    static void create() throws IOException, GeneralSecurityException {
        certificate = PublicCertificate.read(TestCertificate.create(directory).certificate());
        authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        authorities.setCertificateEntry("test", certificate.chain().getFirst());
    }

    @Test
    void certificate_thatSignsItself_isNotTrusted() {
        assertThat(certificate.isTrustedFor("localhost")).isFalse();
    }

    @Test
    void certificate_ofAnAuthority_isTrustedForItsNamesAlone() {
        assertThat(certificate.isTrustedFor("localhost", authorities)).isTrue();
        assertThat(certificate.isTrustedFor("LOCALHOST", authorities)).isTrue();
        assertThat(certificate.isTrustedFor("127.0.0.1", authorities)).isTrue();
        assertThat(certificate.isTrustedFor("127.0.0.2", authorities)).isFalse();
        assertThat(certificate.isTrustedFor("sip.localhost", authorities)).isFalse();
        assertThat(certificate.isTrustedFor("example.com", authorities)).isFalse();
    }
}
