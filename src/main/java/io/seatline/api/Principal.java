package io.seatline.api;

/**
 * Whose request it is.
 *
 * @param operatorId the operator, outside of which the request sees nothing
 * @param username the credential it was made with
 * @param hash what its password was verified against: what is opened now ends with that password
 */
public record Principal(int operatorId, String username, String hash) {}
