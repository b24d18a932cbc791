/**
 * The HTML pages' common ground: layout, escaping, security headers.
 */
@NullMarked
package io.seatline.web;

import org.jspecify.annotations.NullMarked;
