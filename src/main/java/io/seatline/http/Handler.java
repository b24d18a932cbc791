package io.seatline.http;

/** One of those that are asked, in their order, to answer a request. */
@FunctionalInterface
public interface Handler {
    /** Answers and tells so, or leaves the request to the next. */
    boolean handle(Exchange exchange);
}
