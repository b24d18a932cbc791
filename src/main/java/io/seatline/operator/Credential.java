package io.seatline.operator;

import java.time.Instant;

/**
 * What an operator's system logs in with.
 *
 * @param username unique on the server
 * @param operator the operator's name
 * @param changedAt when the password was last set
 */
public record Credential(String username, String operator, Instant createdAt, Instant changedAt) {}
