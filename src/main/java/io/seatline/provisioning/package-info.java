/**
 * How a phone gets its settings: one-time links, and the configuration that a softphone fetches by one. Knows accounts
 * and HTTP, and no pages.
 */
@NullMarked
package io.seatline.provisioning;

import org.jspecify.annotations.NullMarked;
