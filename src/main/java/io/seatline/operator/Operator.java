package io.seatline.operator;

import java.time.Instant;

/**
 * A tenant: the telephony operator whose customers and accounts these are.
 *
 * @param name unique on the server, for people
 */
public record Operator(int id, String name, Instant createdAt) {}
