/**
 * The wire format: JSON:API 1.1 as the Operator API contract narrows it. Knows no feature and no SQL.
 */
@NullMarked
package io.seatline.jsonapi;

import org.jspecify.annotations.NullMarked;
