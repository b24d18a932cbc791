package io.seatline.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.seatline.environment.ConfigException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that the server shows over TLS, for HTTP and SIP alike, and its key: read from their files, and read
 * again when they change. Handshakes from then on have the new one; connections that are open go on.
 */
public final class ServerCertificate {
    private static final Logger LOG = System.getLogger(ServerCertificate.class.getName());

    /** How soon after a change the new one is shown. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private static final char[] NO_PASSWORD = {};
    private static final Pattern PEM_KEY =
            Pattern.compile("-----BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY-----([^-]+)-----END", Pattern.DOTALL);

    /** RFC 5208: version 0 and the algorithm rsaEncryption, as they stand before the key that RFC 8017 knows. */
    private static final byte[] RSA_PREFIX = Base64.getDecoder().decode("AgEAMA0GCSqGSIb3DQEBAQUA");

    private final Path certificate;
    private final Path key;
    private final SSLContext context;
    private List<FileTime> changed;
    private int generation;
    private volatile X509ExtendedKeyManager current;
    private volatile X509ExtendedKeyManager previous;
    private boolean failing;

    /**
     * Reads the files, both PEM.
     *
     * @throws ConfigException when one can't be read, or they do not belong together
     */
    public ServerCertificate(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
        try {
            changed = times();
            current = read();
            previous = current;
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Newest()}, null, null);
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigException("tls.certificate and tls.key can't be used: " + e.getMessage());
        }
    }

    /** What handshakes are made with. */
    public SSLContext context() {
        return context;
    }

    private List<FileTime> times() throws IOException {
        return List.of(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(key));
    }

    private X509ExtendedKeyManager read() throws IOException, GeneralSecurityException {
        var chain = PublicCertificate.read(certificate).chain();
        if (chain.isEmpty()) {
            throw new ConfigException("tls.certificate: there is no certificate in " + certificate);
        }
        var privateKey = privateKey();
        if (!belongTogether(privateKey, chain.getFirst())) {
            throw new ConfigException("tls.key: " + key + " is not the key of the first certificate in " + certificate);
        }
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        generation++;
        store.setKeyEntry("g" + generation, privateKey, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        var factory = KeyManagerFactory.getInstance("SunX509");
        factory.init(store, NO_PASSWORD);
        return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    }

    private PrivateKey privateKey() throws IOException, GeneralSecurityException {
        var pem = PEM_KEY.matcher(Files.readString(key, US_ASCII));
        if (!pem.find()) {
            throw new ConfigException("tls.key: there is no private key in " + key + " (PEM, BEGIN PRIVATE KEY)");
        }
        var kind = pem.group(1) == null ? "" : pem.group(1).strip();
        if (kind.equals("EC") || kind.equals("ENCRYPTED")) {
            throw new ConfigException(
                    "tls.key: " + key + " is " + (kind.equals("EC") ? "of an older form" : "encrypted")
                            + ": write it anew with openssl pkcs8 -topk8 -nodes -in OLD -out NEW");
        }
        var bytes = Base64.getMimeDecoder().decode(pem.group(2));
        var spec = new PKCS8EncodedKeySpec(kind.equals("RSA") ? wrapped(bytes) : bytes);
        for (var algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // of another kind
            }
        }
        throw new ConfigException("tls.key: " + key + " is no key of RSA, EC or EdDSA");
    }

    private static byte[] wrapped(byte[] rsa) {
        var inner = new ByteArrayOutputStream();
        inner.writeBytes(RSA_PREFIX);
        inner.writeBytes(der(0x04, rsa));
        return der(0x30, inner.toByteArray());
    }

    private static byte[] der(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        // 2^7 bytes and more have the length of their length first; no key is as short as that
        out.write(0x82);
        out.write(content.length >> 8);
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static boolean belongTogether(PrivateKey privateKey, X509Certificate certificate)
            throws GeneralSecurityException {
        var algorithm = switch (privateKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(privateKey);
            signature.update(RSA_PREFIX);
            var signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(RSA_PREFIX);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException e) {
            return false;
        }
    }

    /** Reads the files again where they have changed. */
    void look() {
        try {
            var now = times();
            if (!now.equals(changed)) {
                changed = now;
                var read = read();
                previous = current;
                current = read;
                LOG.log(Level.INFO, "The certificate was read again: {0}", certificate);
            }
            failing = false;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            if (!failing) {
                LOG.log(
                        Level.WARNING,
                        "The certificate has changed, and the one before stays in use: {0}",
                        e.getMessage());
            }
            failing = true;
        }
    }

    /** Hands out the newest, and what was the newest when a handshake began. */
    private final class Newest extends X509ExtendedKeyManager {
        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            return current.chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
            return current.chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            var chain = current.getCertificateChain(alias);
            return chain != null ? chain : previous.getCertificateChain(alias);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            var found = current.getPrivateKey(alias);
            return found != null ? found : previous.getPrivateKey(alias);
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return current.getServerAliases(keyType, issuers);
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
