package io.seatline.environment;

import io.seatline.db.Database;
import io.seatline.secret.SealedText;
import io.seatline.secret.Secret;
import io.seatline.secret.SecretKey;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** What the server and every command share: the configuration, the database, and the key that belongs to it. */
public record Environment(Config config, Database database, SecretKey secretKey) implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Environment.class.getName());
    private static final Set<String> OURS = Set.of("lock", "postgres-binaries", "access.log");
    private static final UUID KEY_CHECK = new UUID(0, 0);

    /**
     * Reaches or starts the database, migrates it, and makes sure that the key is the one its secrets are sealed with.
     *
     * @param server whether to own the database, as the server does, or to share it, as a command does
     * @throws io.seatline.db.DatabaseStartException or IllegalStateException, with a message for the person at the
     *     terminal
     */
    public static Environment open(Config config, boolean server) {
        createPrivately(config.dataDir());
        var keyFile = config.dataDir().resolve("secret.key");
        refuseNewKey(config, keyFile);
        var secretKey = SecretKey.load(config.secretKey(), keyFile);
        var settings = config.database();
        var database = Database.open(new Database.Settings(
                config.dataDir(),
                settings.url(),
                settings.user(),
                settings.password().map(Secret::value),
                server ? settings.poolSize() : 2,
                settings.startWait(),
                server));
        try {
            checkKey(database, secretKey);
            return new Environment(config, database, secretKey);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** What lies below is its owner's business, whatever the mask for new files is. */
    private static void createPrivately(Path directory) {
        try {
            if (!Files.exists(directory)) {
                Files.createDirectories(directory.getParent());
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw unusable(directory, "can't be made: " + e);
        }
        if (!Files.isDirectory(directory)) {
            throw unusable(directory, "is no directory");
        }
        if (!Files.isWritable(directory)) {
            throw unusable(directory, "can't be written to by user " + System.getProperty("user.name"));
        }
        closeToOthers(directory);
    }

    /** Before anything is put there. */
    private static void closeToOthers(Path directory) {
        try {
            var permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
            if (permissions.endsWith("------")) {
                return;
            }
            if (!isOurs(directory)) {
                throw unusable(directory, "is open to others (" + permissions + "), and has other things in it");
            }
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            LOG.log(
                    Level.INFO,
                    "The data directory {0} was open to others ({1}): it is its owner''s alone now",
                    directory,
                    permissions);
        } catch (IOException e) {
            throw unusable(directory, "is open to others, and can't be closed to them: " + e);
        }
    }

    /** Empty, or with what Seatline puts there first. */
    private static boolean isOurs(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            var names = files.map(file -> file.getFileName().toString()).toList();
            return OURS.containsAll(names) || names.contains("secret.key") || names.contains("postgres");
        }
    }

    private static ConfigException unusable(Path directory, String why) {
        return new ConfigException(
                "The data directory " + directory + " " + why + ".\nSet SEATLINE_DATA_DIR to one that can be used.");
    }

    /** A new key beside an old database would open nothing that is in it. */
    private static void refuseNewKey(Config config, Path key) {
        if (config.secretKey().isEmpty()
                && !Files.exists(key)
                && config.database().url().isEmpty()
                && Files.exists(config.dataDir().resolve("postgres"))) {
            throw new ConfigException("The data directory " + config.dataDir()
                    + " has a database, but not the file secret.key that its passwords are sealed with.\n"
                    + "Bring it back from a backup, or set SEATLINE_SECRET_KEY to that key.");
        }
    }

    private static void checkKey(Database database, SecretKey secretKey) {
        var seal = new SealedText(secretKey, "key check");
        database.jdbi().useTransaction(handle -> {
            handle.createUpdate("INSERT INTO installation (key_check) VALUES (:check) ON CONFLICT DO NOTHING")
                    .bind("check", seal.seal("seatline", KEY_CHECK))
                    .execute();
            var check = handle.createQuery("SELECT key_check FROM installation")
                    .mapTo(byte[].class)
                    .one();
            try {
                seal.open(check, KEY_CHECK);
            } catch (IllegalStateException e) {
                throw new IllegalStateException(
                        "The key is not the one that the secrets in " + database.url() + " are sealed with.\n"
                                + "Set SEATLINE_SECRET_KEY to that key, or bring back the file secret.key of the data"
                                + " directory.",
                        e);
            }
        });
    }

    /** Seals and opens the passwords of SIP accounts. */
    public SealedText accountPasswords() {
        return new SealedText(secretKey, "account passwords");
    }

    @Override
    public void close() {
        database.close();
    }
}
