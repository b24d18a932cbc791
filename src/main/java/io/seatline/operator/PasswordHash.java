package io.seatline.operator;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Argon2id with 19 MiB, two passes and one lane: the parameters that OWASP's password storage guide recommends. At most
 * two are computed at a time, so that a flood of log-ins takes neither the memory nor all of the processor; and by
 * threads of the operating system, which shares the processor out. Virtual threads that compute one hash after the
 * other keep it from all those that begin.
 */
final class PasswordHash {
    private static final Argon2Function ARGON2ID = Argon2Function.getInstance(19 * 1024, 2, 1, 32, Argon2.ID);
    private static final Executor AT_A_TIME = Executors.newFixedThreadPool(
            2, Thread.ofPlatform().name("password-hash-", 1).daemon().factory());

    /** The hash of no password, against which an unknown username is checked: it takes as long as a known one. */
    static final String NOBODY = ARGON2ID.hash("nobody").getResult();

    private PasswordHash() {}

    static String of(String password) {
        return computed(() -> ARGON2ID.hash(password).getResult());
    }

    static boolean matches(String password, String hash) {
        return computed(() -> Argon2Function.getInstanceFromHash(hash).check(password, hash));
    }

    private static <T> T computed(Supplier<T> hash) {
        return CompletableFuture.supplyAsync(hash, AT_A_TIME).join();
    }
}
