/**
 * What every request to the Operator API passes, whichever feature answers it: who asks, which route, negotiation,
 * entity tags, and what becomes of a refusal. It may import {@code http}, {@code jsonapi}, {@code audit} and
 * {@code db}, and knows no feature.
 */
@NullMarked
package io.seatline.api;

import org.jspecify.annotations.NullMarked;
