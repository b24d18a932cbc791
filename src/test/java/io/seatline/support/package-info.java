/**
 * What the tests share: the server on a database of its own, and the clients, phones, browsers and programs that speak
 * to it.
 */
@NullMarked
package io.seatline.support;

import org.jspecify.annotations.NullMarked;
