package io.seatline.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One entry of an error document, for comparison.
 *
 * @param source "pointer /data", "parameter sort", "header Accept", or "none"
 */
public record ExpectedError(int status, String code, String title, String detail, String source) {

    /** A problem of the body. */
    public static ExpectedError pointer(int status, int code, String title, String detail, String pointer) {
        return new ExpectedError(status, Integer.toString(code), title, detail, "pointer " + pointer);
    }

    /** A problem of the query. */
    public static ExpectedError parameter(int status, int code, String title, String detail, String parameter) {
        return new ExpectedError(status, Integer.toString(code), title, detail, "parameter " + parameter);
    }

    /** A value that breaks a rule. */
    public static ExpectedError invalid(String attribute, String message, String pointer) {
        return pointer(422, 100, message, attribute + " - " + message, pointer);
    }

    public static ExpectedError invalid(String attribute, String message) {
        return invalid(attribute, message, "/data/attributes/" + attribute);
    }

    /** No such record. */
    public static ExpectedError notFound(String id) {
        return new ExpectedError(404, "404", "Record not found", notFoundDetail(id), "none");
    }

    public static String notFoundDetail(String id) {
        return "The record identified by " + id + " could not be found.";
    }

    /** The entries of an answer to a request without a body, which must be a right error document. */
    public static List<ExpectedError> of(HttpResponse<String> answer) {
        return of(answer, null);
    }

    /**
     * The entries of an answer, which must be a right error document.
     *
     * @param request the body of the request, in which every pointer must point at something
     */
    public static List<ExpectedError> of(HttpResponse<String> answer, @Nullable String request) {
        return of(
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse(""),
                answer.headers().firstValue("Vary").orElse(""),
                answer.body(),
                request);
    }

    /** As {@link #of(HttpResponse, String)}. */
    public static List<ExpectedError> of(RawConnection.Answer answer, @Nullable String request) {
        return of(answer.status(), answer.header("Content-Type"), answer.header("Vary"), answer.body(), request);
    }

    private static List<ExpectedError> of(
            int status, String contentType, String vary, String body, @Nullable String request) {
        assertThat(contentType).as(body).isEqualTo(TestServer.JSON_API);
        assertThat(vary).as("Vary of %s", body).matches("Accept(, Accept-Encoding)?");
        var document = TestServer.JSON.readTree(body);
        assertThat(document.propertyNames()).containsExactly("errors");
        var refusals = new ArrayList<ExpectedError>();
        for (var error : document.path("errors").values()) {
            assertThat(List.of("title", "detail", "code", "status", "source"))
                    .containsSubsequence(error.propertyNames());
            var source = error.path("source");
            refusals.add(new ExpectedError(
                    Integer.parseInt(text(error, "status")),
                    text(error, "code"),
                    text(error, "title"),
                    text(error, "detail"),
                    source.isMissingNode() ? "none" : source(source, request)));
        }
        assertThat(refusals)
                .isNotEmpty()
                .allSatisfy(refusal -> assertThat(refusal.status()).isEqualTo(status));
        return refusals;
    }

    private static String source(JsonNode source, @Nullable String request) {
        assertThat(source.size()).isEqualTo(1);
        var kind = source.propertyNames().iterator().next();
        assertThat(kind).isIn("pointer", "parameter", "header");
        var value = text(source, kind);
        if (kind.equals("pointer") && !value.isEmpty()) {
            assertThat(request).as("a pointer into no body: %s", value).isNotNull();
            assertThat(TestServer.JSON.readTree(request).at(value).isMissingNode())
                    .as("%s points at something of %s", value, request)
                    .isFalse();
        }
        return kind + " " + value;
    }

    private static String text(JsonNode parent, String member) {
        var value = parent.path(member);
        assertThat(value.isString()).as("%s of %s is a string", member, parent).isTrue();
        return value.asString();
    }
}
