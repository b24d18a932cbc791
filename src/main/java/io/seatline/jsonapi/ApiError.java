package io.seatline.jsonapi;

/**
 * One entry of a JSON:API error document. The codes, titles and wording are those of the contract's error table, which
 * keeps what the vendor's clients already match on.
 *
 * @param status the HTTP status
 * @param code the vendor's code, a number as a string
 * @param title the same for every occurrence of the problem
 * @param detail this occurrence: what is wrong, where, and how to mend it
 * @param source where in the request
 */
public record ApiError(int status, String code, String title, String detail, Source source) {

    /**
     * Where the problem lies.
     *
     * @param kind which part of the request {@code value} speaks of
     * @param value a JSON pointer that exists in the request, a parameter's or a header's name
     */
    public record Source(Kind kind, String value) {
        /** The part of the request that is wrong. */
        public enum Kind {
            /** A place in the body (RFC 6901); the empty pointer is the whole body. */
            POINTER,
            /** A query parameter. */
            PARAMETER,
            /** A request header. */
            HEADER,
            /** None: the fault is not the request's. */
            NONE
        }

        /** A place in the body. */
        public static Source pointer(String pointer) {
            return new Source(Kind.POINTER, pointer);
        }

        /** A query parameter. */
        public static Source parameter(String name) {
            return new Source(Kind.PARAMETER, name);
        }

        /** A request header. */
        public static Source header(String name) {
            return new Source(Kind.HEADER, name);
        }

        /** No part of the request. */
        public static Source none() {
            return new Source(Kind.NONE, "");
        }
    }

    /** What HTTP itself has a status for, which is the code too. */
    public static ApiError http(int status, String title, String detail, Source source) {
        return new ApiError(status, Integer.toString(status), title, detail, source);
    }

    private static ApiError parameter(int status, int code, String title, String detail, String parameter) {
        return new ApiError(status, Integer.toString(code), title, detail, Source.parameter(parameter));
    }

    private static ApiError pointer(int status, int code, String title, String detail, String pointer) {
        return new ApiError(status, Integer.toString(code), title, detail, Source.pointer(pointer));
    }

    /** What can't be read at all. */
    public static ApiError badRequest(String detail, Source source) {
        return http(400, "Bad Request", detail, source);
    }

    /** The body that was announced does not come. */
    public static ApiError timedOut() {
        return http(408, "Request Timeout", "The body did not come in time.", Source.pointer(""));
    }

    /** A member that must be there is not; {@code parent} is the pointer to where it belongs. */
    public static ApiError missing(String name, String parent) {
        return pointer(400, 106, "Missing Parameter", "The required parameter, " + name + ", is missing.", parent);
    }

    static ApiError dataNotAnObject() {
        return pointer(400, 122, "Invalid data format", "Data must be a hash.", "/data");
    }

    static ApiError wrongType(String type) {
        return pointer(409, 101, "Invalid resource", type + " is not a valid resource.", "/data/type");
    }

    static ApiError keyMissing() {
        return pointer(400, 109, "A key is required", "The resource object does not contain a key.", "/data");
    }

    static ApiError keyNotInUrl(String key) {
        return pointer(409, 110, "Key is not included in URL", "The URL does not support the key " + key, "/data/id");
    }

    static ApiError notAllowed(String name, String pointer) {
        return pointer(400, 105, "Param not allowed", name + " is not allowed.", pointer);
    }

    static ApiError invalidLinkage(String pointer) {
        return pointer(400, 115, "Invalid Links Object", "Data is not a valid Links Object.", pointer);
    }

    static ApiError linkageType(String type, String pointer) {
        return pointer(400, 116, "Type Mismatch", type + " is not a valid type for this operation.", pointer);
    }

    /** A value that breaks a rule of the resource: 422, code 100. */
    public static ApiError validation(String attribute, String message) {
        return validation(attribute, message, Source.pointer("/data/attributes/" + attribute));
    }

    /** As {@link #validation(String, String)} for a value that stands elsewhere, or a member that is missing. */
    public static ApiError validation(String attribute, String message, Source source) {
        return new ApiError(422, "100", message, attribute + " - " + message, source);
    }

    /** No such record, or not the asking operator's. */
    public static ApiError notFound(String id, Source source) {
        return http(404, "Record not found", "The record identified by " + id + " could not be found.", source);
    }

    /** No such path. */
    public static ApiError noSuchPath(String path) {
        return http(404, "Not found", "There is nothing at " + path + ".", Source.none());
    }

    /** The client's id is another record's already. */
    public static ApiError idTaken(String id) {
        return pointer(
                409,
                409,
                "Conflict",
                "The id " + id + " is taken already: choose another, or leave it out.",
                "/data/id");
    }

    /**
     * {@code If-Match}, or {@code If-None-Match}, of the request does not agree with the record's present state (RFC
     * 9110 section 13).
     */
    public static ApiError preconditionFailed(String header) {
        return http(
                412,
                "Precondition failed",
                header.equals("If-Match")
                        ? "The record has changed since the ETag given in If-Match: fetch it again and repeat the change."
                        : "The record is there, or is in the state that If-None-Match rules out.",
                Source.header(header));
    }

    static ApiError invalidSort(String key, String type) {
        return parameter(400, 114, "Invalid sort criteria", key + " is not a valid sort criteria for " + type, "sort");
    }

    static ApiError invalidInclude(String name, String type) {
        return parameter(400, 112, "Invalid field", name + " is not a valid relationship of " + type, "include");
    }

    static ApiError invalidField(String name, String type) {
        return parameter(
                400, 104, "Invalid field", name + " is not a valid field for " + type + ".", "fields[" + type + "]");
    }

    static ApiError invalidFieldsType(String type) {
        return parameter(400, 101, "Invalid resource", type + " is not a valid resource.", "fields[" + type + "]");
    }

    static ApiError fieldsWithoutType() {
        return parameter(400, 119, "Invalid field format", "Fields must specify a type.", "fields");
    }

    static ApiError filterNotAllowed(String name, String parameter) {
        return parameter(400, 102, "Filter not allowed", name + " is not allowed.", parameter);
    }

    static ApiError invalidFilters(String value) {
        return parameter(400, 120, "Invalid filters syntax", value + " is not a valid syntax for filtering.", "filter");
    }

    static ApiError invalidFilterValue(String value, String name, String hint) {
        return parameter(
                400,
                107,
                "Invalid filter value",
                value + " is not a valid value for " + name + hint + ".",
                "filter[" + name + "]");
    }

    static ApiError invalidPage(String value) {
        return parameter(
                400,
                117,
                "Invalid Page Object",
                value + " is not a valid page: use page[number] and page[size].",
                "page");
    }

    static ApiError invalidPageValue(String value, String member) {
        return parameter(
                400,
                118,
                "Invalid page value",
                value + " is not a valid value for " + member + " page parameter.",
                "page[" + member + "]");
    }

    static ApiError pageTooLarge(int maximum) {
        return parameter(
                400, 118, "Invalid page value", "size exceeds maximum page size of " + maximum + ".", "page[size]");
    }

    static ApiError pageMemberNotAllowed(String member, String parameter) {
        return parameter(
                400, 105, "Page parameter not allowed", member + " is not an allowed page parameter.", parameter);
    }

    static ApiError parameterNotAllowed(String name) {
        return parameter(400, 105, "Param not allowed", name + " is not allowed.", name);
    }

    /** None of the media types the client accepts can be had. */
    public static ApiError notAcceptable(String accept) {
        return http(
                406,
                "Not acceptable",
                "All requests must accept " + MediaTypes.JSON_API
                        + " without media type parameters; this request accepts " + accept + ".",
                Source.header("Accept"));
    }

    /** The body's media type is not JSON:API's, or carries parameters. */
    public static ApiError unsupportedMediaType(String contentType) {
        return http(
                415,
                "Unsupported media type",
                "The Content-Type must be " + MediaTypes.JSON_API + " without media type parameters; this request has "
                        + contentType + ".",
                Source.header("Content-Type"));
    }

    /** The body is compressed (RFC 9110 section 8.4). */
    public static ApiError unsupportedContentCoding(String coding) {
        return http(
                415,
                "Unsupported content coding",
                "The body must come as it is; this request has the Content-Encoding " + coding + ".",
                Source.header("Content-Encoding"));
    }

    /** The body comes in a way that the server does not read (RFC 9112 section 6.1). */
    public static ApiError unsupportedTransferCoding(String coding) {
        return http(
                501,
                "Unsupported transfer coding",
                "A body comes with Content-Length or Transfer-Encoding: chunked; this request has the Transfer-Encoding "
                        + coding + ".",
                Source.header("Transfer-Encoding"));
    }

    /** The links to the other pages would be longer than the server reads. */
    static ApiError queryTooLong(int maximum) {
        return http(
                414,
                "URI Too Long",
                "The query, with what has to be percent-encoded, is longer than " + maximum
                        + " characters: ask for less at a time.",
                Source.none());
    }

    /** The body is longer than the server reads. */
    public static ApiError tooLarge(int maximumBytes) {
        return http(
                413, "Content too large", "The body is longer than " + maximumBytes + " bytes.", Source.pointer(""));
    }

    /** The resource has no such method. */
    public static ApiError methodNotAllowed(String method, String allowed) {
        return http(
                405,
                "Method not allowed",
                method + " is not possible here; possible are " + allowed + ".",
                Source.none());
    }

    /** No credentials, or wrong ones: which of the two is never said. */
    public static ApiError unauthenticated() {
        return http(401, "Authentication failed", "Incorrect login or password.", Source.header("Authorization"));
    }

    /** Too many failed logins. */
    public static ApiError tooManyFailures(long retryAfterSeconds) {
        return http(
                429,
                "Too many requests",
                "Too many failed logins with this login from this address: try again in " + retryAfterSeconds
                        + " seconds.",
                Source.header("Authorization"));
    }

    /** The database is away or overloaded: nothing was changed, the same request may succeed later. */
    public static ApiError unavailable() {
        return http(
                503,
                "Service unavailable",
                "The database can't be reached at the moment: try again in a few seconds.",
                Source.none());
    }

    /** Our fault: the log has the same incident id and the cause. */
    public static ApiError internal(String incident) {
        return http(
                500, "Internal Server Error", "Something went wrong on our side. Incident: " + incident, Source.none());
    }
}
