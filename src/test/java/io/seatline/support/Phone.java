package io.seatline.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A phone over UDP, which sends what a test tells it and nothing by itself. */
public final class Phone implements AutoCloseable {
    public static final String REALM = "seatline";
    public static final String AGENT = "Phone of the tests";

    /** How long an answer may take, in milliseconds, on a machine that has other work too. */
    private static final int PATIENCE = 30_000;

    private final DatagramSocket socket;
    private final InetSocketAddress server;
    private final String username;
    private final String password;
    private final String callId = UUID.randomUUID().toString();
    private int sequence;

    public Phone(String from, String to, int port, String username, String password) {
        try {
            this.socket = new DatagramSocket(0, InetAddress.getByName(from));
            this.server = new InetSocketAddress(to, port);
            socket.setSoTimeout(PATIENCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.username = username;
        this.password = password;
    }

    /** A phone at 127.0.0.1. */
    public static Phone at(TestServer server, String username, String password) {
        return from("127.0.0.1", server, username, password);
    }

    public static Phone from(String address, TestServer server, String username, String password) {
        return new Phone(address, "127.0.0.1", server.sipPort(), username, password);
    }

    public int port() {
        return socket.getLocalPort();
    }

    public String contact() {
        return "<sip:" + username + "@" + host() + ":" + port() + ">";
    }

    private String host() {
        var address = socket.getLocalAddress().getHostAddress();
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /** A REGISTER with the next CSeq; headers can be replaced, taken away (null) and added. */
    public Message register() {
        return message("REGISTER").with("Contact", contact()).with("Expires", "3600");
    }

    public Message message(String method) {
        sequence++;
        var headers = new LinkedHashMap<String, @Nullable String>();
        headers.put("Via", "SIP/2.0/UDP " + host() + ":" + port() + ";rport;branch=z9hG4bK" + UUID.randomUUID());
        headers.put("Max-Forwards", "70");
        headers.put("From", "<sip:" + username + "@example.com>;tag=" + sequence + "x");
        headers.put("To", "<sip:" + username + "@example.com>");
        headers.put("Call-ID", callId);
        headers.put("CSeq", sequence + " " + method);
        headers.put("User-Agent", AGENT);
        return new Message(method, headers);
    }

    /** A request that is being written. */
    public final class Message {
        private final String method;
        private final Map<String, @Nullable String> headers;

        private Message(String method, Map<String, @Nullable String> headers) {
            this.method = method;
            this.headers = headers;
        }

        public Message with(String name, @Nullable String value) {
            headers.put(name, value);
            return this;
        }

        /** With the answer to a challenge, for the n-th use of its nonce. */
        public Message answering(SipAnswer challenged, String algorithm, int count) {
            return answering(challenged, algorithm, count, username, password);
        }

        public Message answering(SipAnswer challenged, String algorithm, int count, String username, String password) {
            var challenge = challenged.challenge(algorithm).orElseThrow();
            var nonce = SipAnswer.parameter(challenge, "nonce");
            var realm = SipAnswer.parameter(challenge, "realm");
            var nc = "%08x".formatted(count);
            var uri = "sip:example.com";
            var ha1 = hash(algorithm, username + ":" + realm + ":" + password);
            var response = hash(
                    algorithm, ha1 + ":" + nonce + ":" + nc + ":abcdef:auth:" + hash(algorithm, method + ":" + uri));
            return with(
                    "Authorization",
                    "Digest username=\"" + username + "\", realm=\"" + realm + "\", nonce=\"" + nonce + "\", uri=\""
                            + uri
                            + "\", response=\"" + response + "\", algorithm=" + algorithm + ", cnonce=\"abcdef\", nc="
                            + nc
                            + ", qop=auth");
        }

        public String text() {
            var text = new StringBuilder(method + " sip:example.com SIP/2.0\r\n");
            headers.forEach((name, value) -> {
                if (value != null) {
                    text.append(name).append(": ").append(value).append("\r\n");
                }
            });
            return text.append("Content-Length: 0\r\n\r\n").toString();
        }

        public SipAnswer send() {
            return Phone.this.send(text());
        }
    }

    /** Registers as phones do: challenge, answer with the best algorithm that is offered. */
    public SipAnswer registers() {
        var challenge = register().send();
        return challenge.status() == 401 ? answered(challenge, best(challenge)) : challenge;
    }

    private static String best(SipAnswer challenge) {
        return challenge.challenge("SHA-256").isPresent() ? "SHA-256" : "MD5";
    }

    public SipAnswer registers(String algorithm) {
        var challenge = register().send();
        return challenge.status() == 401 ? answered(challenge, algorithm) : challenge;
    }

    /** Sends the next REGISTER with the answer to {@code challenge}. */
    public SipAnswer answered(SipAnswer challenge, String algorithm) {
        return register().answering(challenge, algorithm, 1).send();
    }

    /** Registers with headers of its own. */
    public SipAnswer registersWith(Map<String, String> headers) {
        var challenge = register().send();
        var message = register();
        headers.forEach(message::with);
        return message.answering(challenge, best(challenge), 1).send();
    }

    public SipAnswer unregisters() {
        return registersWith(Map.of("Expires", "0"));
    }

    public SipAnswer send(String text) {
        sendOnly(text);
        return receive(PATIENCE).orElseThrow(() -> new AssertionError("no answer to\n" + text));
    }

    public void sendOnly(String text) {
        sendOnly(text.getBytes(UTF_8));
    }

    public void sendOnly(byte[] bytes) {
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, server));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<SipAnswer> receive(int millis) {
        try {
            socket.setSoTimeout(millis);
            var packet = new DatagramPacket(new byte[65_536], 65_536);
            socket.receive(packet);
            return Optional.of(SipAnswer.of(packet.getData(), packet.getLength()));
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String algorithm, String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
