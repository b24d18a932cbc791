package io.seatline.support;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** A certificate for localhost that signs itself, and its key, as PEM files. */
public record TestCertificate(Path certificate, Path key) {
    public static TestCertificate create(Path directory) throws IOException {
        var made = new TestCertificate(directory.resolve("cert.pem"), directory.resolve("key.pem"));
        var _ = ExternalProgram.output(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout",
                made.key().toString(),
                "-out",
                made.certificate().toString());
        return made;
    }

    /** As the server has it. */
    public Tls server() {
        var keys = Keys.builder()
                .pem(pem -> pem.certChain(Resource.create(certificate)).key(Resource.create(key)))
                .build();
        return Tls.builder().privateKey(keys).privateKeyCertChain(keys).build();
    }

    /** As a client trusts it. */
    public SSLContext client() {
        var trusted = Keys.builder()
                .pem(pem -> pem.certificates(Resource.create(certificate)))
                .build();
        return Tls.builder().trust(trusted).build().sslContext();
    }
}
