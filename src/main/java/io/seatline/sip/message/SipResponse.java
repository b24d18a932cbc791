package io.seatline.sip.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Writes answers. */
public final class SipResponse {
    private SipResponse() {}

    /** Begins an answer with this status and reason phrase. */
    public static Builder to(ResponseHeaders headers, int status, String reason) {
        return new Builder(headers, status, reason);
    }

    /** An answer that is being written. */
    public static final class Builder {
        private final ResponseHeaders headers;
        private final int status;
        private final String statusLine;
        private final StringBuilder ownHeaders = new StringBuilder();

        private Builder(ResponseHeaders headers, int status, String reason) {
            this.headers = headers;
            if (status < 100 || status > 699) {
                throw new IllegalArgumentException("no SIP status: " + status);
            }
            this.status = status;
            statusLine = "SIP/2.0 " + status + " " + checked(reason) + "\r\n";
        }

        /** The answer's status. */
        public int status() {
            return status;
        }

        /**
         * Adds a header line behind those copied from the request.
         *
         * @throws IllegalArgumentException when name or value has a control character, such as a line end
         */
        public Builder header(String name, String value) {
            ownHeaders.append(checked(name)).append(": ").append(checked(value)).append("\r\n");
            return this;
        }

        /**
         * The answer's bytes. The topmost Via says where the request came from: {@code rport} when it was asked for
         * (RFC 3581), and {@code received} then and when the sent-by is not the same address (RFC 3261 section 18.2.1).
         *
         * @param source the address that the transport saw; IPv4 mapped into IPv6 is shown as IPv4
         * @param toTag what To gets when it has no tag
         */
        public byte[] bytes(InetSocketAddress source, String toTag) {
            var out = new ByteArrayOutputStream(statusLine.length() + headers.length() + ownHeaders.length() + 128);
            out.writeBytes(statusLine.getBytes(UTF_8));
            out.write(headers.lines(), 0, headers.sentByEnd());
            out.writeBytes(sourceParameters(source).getBytes(ISO_8859_1));
            out.write(headers.lines(), headers.sentByEnd(), headers.length() - headers.sentByEnd());
            if (headers.toNeedsTag()) {
                out.writeBytes((";tag=" + checked(toTag)).getBytes(UTF_8));
            }
            out.writeBytes("\r\n".getBytes(ISO_8859_1));
            out.writeBytes(ownHeaders.toString().getBytes(UTF_8));
            out.writeBytes("Content-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
            return out.toByteArray();
        }

        private String sourceParameters(InetSocketAddress source) {
            var via = headers.via();
            var address = text(source.getAddress());
            if (via.rport()) {
                return ";received=" + address + ";rport=" + source.getPort();
            }
            return via.host().equals(address) ? "" : ";received=" + address;
        }

        /**
         * As {@code via-received} has it: an IPv6 address without brackets, and without the zone that only this machine
         * knows.
         */
        private static String text(InetAddress address) {
            var text = address.getHostAddress();
            var zone = address instanceof Inet6Address ? text.indexOf('%') : -1;
            return zone < 0 ? text : text.substring(0, zone);
        }

        private static String checked(String text) {
            for (var i = 0; i < text.length(); i++) {
                if (Character.isISOControl(text.charAt(i))) {
                    throw new IllegalArgumentException("a control character in an answer's header");
                }
            }
            return text;
        }
    }
}
