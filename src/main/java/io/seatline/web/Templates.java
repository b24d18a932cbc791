package io.seatline.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The templates, which the build has made classes of. What they are given is escaped for the place where it stands. */
public final class Templates {
    private static final TemplateEngine ENGINE =
            TemplateEngine.createPrecompiled(null, ContentType.Html, null, "io.seatline.templates");

    private Templates() {}

    /** The template's text in UTF-8. */
    public static byte[] render(String template, PageContext context, Object view) {
        var output = new Utf8ByteOutput();
        ENGINE.render(template, Map.of("context", context, "view", view), output);
        var bytes = new ByteArrayOutputStream(output.getContentLength());
        try {
            output.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
