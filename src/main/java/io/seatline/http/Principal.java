package io.seatline.http;

/**
 * Whose request it is.
 *
 * @param operatorId the operator, outside of which the request sees nothing
 * @param username the credential it was made with
 */
public record Principal(int operatorId, String username) {}
