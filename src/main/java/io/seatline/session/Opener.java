package io.seatline.session;

import io.seatline.audit.Actor;
import java.util.Optional;

/**
 * Who opens a session.
 *
 * @param hash what the password was verified against, which must still be the credential's when the session begins;
 *     empty where there was none to be verified
 */
public record Opener(int operatorId, Actor actor, Optional<String> hash) {}
