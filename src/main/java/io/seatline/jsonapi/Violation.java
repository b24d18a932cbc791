package io.seatline.jsonapi;

/**
 * A value that breaks a rule of its resource. The rules are the same wherever a value comes from; each face says in its own way
 * where the value stands: the API with a pointer, an import with a line and a column.
 *
 * @param attribute whose value it is
 * @param message what is wrong with it and how to mend it
 */
public record Violation(String attribute, String message) {}
