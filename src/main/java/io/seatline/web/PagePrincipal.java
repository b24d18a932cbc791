package io.seatline.web;

/**
 * Who a page is made for.
 *
 * @see Login
 */
public interface PagePrincipal {
    /** The name that changes are recorded under, and the access log shows. */
    String name();

    /** Whose pages they are, as a person calls it. */
    String shownName();

    /** The language of the pages, such as {@code EN}. */
    String language();

    /**
     * What every form of this principal's pages carries and gives back: known to nobody else, and another one in each
     * session. A page that was made for an earlier session changes nothing in a later one.
     */
    String formToken();
}
