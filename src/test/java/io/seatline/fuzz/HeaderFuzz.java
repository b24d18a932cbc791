package io.seatline.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.seatline.sip.message.SipParser;
import java.io.ByteArrayOutputStream;

/**
 * Any value of a header with a grammar of its own: the first byte chooses which, so that the fuzzer need not find a
 * whole request first to come to its Contact, its addresses or its credentials.
 */
public final class HeaderFuzz {
    private static final String[] NAMES = {
        "Via: SIP/2.0/UDP 192.0.2.1;",
        "From: ",
        "Contact: <sip:",
        "Contact: <sip:a@192.0.2.1>;",
        "Contact: ",
        "Authorization: Digest ",
        "Authorization: ",
        "CSeq: ",
        "Require: ",
        "User-Agent: ",
    };

    private HeaderFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        var message = new ByteArrayOutputStream();
        message.writeBytes("REGISTER sip:example.com SIP/2.0\r\n".getBytes(US_ASCII));
        message.writeBytes(NAMES[(bytes[0] & 0xff) % NAMES.length].getBytes(US_ASCII));
        message.write(bytes, 1, bytes.length - 1);
        message.writeBytes("""
                \r
                Via: SIP/2.0/UDP 192.0.2.1\r
                From: <sip:a@example.com>;tag=1\r
                To: <sip:a@example.com>\r
                Call-ID: 1\r
                CSeq: 1 REGISTER\r
                \r
                """.getBytes(US_ASCII));
        var request = message.toByteArray();
        SipParserFuzz.check(SipParser.parse(request, 0, request.length));
    }
}
