package io.seatline.console;

/**
 * Where in a list a page is.
 *
 * @param number the page, from 1
 * @param size how many a page has
 * @param count how many there are on all pages
 */
public record Pager(ListAddress address, int number, int size, long count) {
    /** The last page; the first one of an empty list. */
    public long last() {
        return Math.max(1, (count + size - 1) / size);
    }

    /** The place of the page's first, from 1. */
    public long from() {
        return (number - 1L) * size + 1;
    }

    /** The place of the page's last. */
    public long to() {
        return Math.min(count, (long) number * size);
    }
}
