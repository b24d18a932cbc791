package io.seatline.operator;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.util.concurrent.Semaphore;

/**
 * Argon2id with 19 MiB, two passes and one lane: the parameters that OWASP's password storage guide recommends. At most two are
 * computed at a time, so that a flood of log-ins takes neither the memory nor all of the processor.
 */
final class PasswordHash {
    private static final Argon2Function ARGON2ID = Argon2Function.getInstance(19 * 1024, 2, 1, 32, Argon2.ID);
    private static final Semaphore AT_A_TIME = new Semaphore(2, true);

    /** The hash of no password, against which an unknown username is checked: it takes as long as a known one. */
    static final String NOBODY = of("nobody");

    private PasswordHash() {}

    static String of(String password) {
        return ARGON2ID.hash(password).getResult();
    }

    static boolean matches(String password, String hash) {
        AT_A_TIME.acquireUninterruptibly();
        try {
            return Argon2Function.getInstanceFromHash(hash).check(password, hash);
        } finally {
            AT_A_TIME.release();
        }
    }
}
