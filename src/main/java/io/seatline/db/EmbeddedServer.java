package io.seatline.db;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL of our own under the data directory: made at the first start, kept between starts, on a free loopback port, with a
 * password that only the directory's owner can read. One process owns it, the server or a command run without one; other
 * commands find the owner's and use that. If it dies, it is started again.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(EmbeddedServer.class.getName());
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(15);

    /** The superuser of a cluster made by {@code initdb}, and the database that is there from the start. */
    private static final String NAME = "postgres";

    private final Path cluster;
    private final Path binaries;
    private final String password;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Object starting = new Object();
    private final Thread watchdog;
    private EmbeddedPostgres postgres;
    private volatile boolean closing;

    /** Another process owns the data directory. */
    static final class Taken extends Exception {
        Taken(Path directory) {
            super("Another Seatline runs on the data directory " + directory + ".");
        }
    }

    /** How to reach the database. */
    record Address(String url, String user, String password) {}

    /**
     * Starts the database of a data directory, and makes it first where there is none.
     *
     * @throws Taken when another process has it
     * @throws DatabaseStartException when it does not start
     */
    static EmbeddedServer start(Path dataDir) throws Taken {
        try {
            return new EmbeddedServer(dataDir);
        } catch (IOException | IllegalStateException e) {
            throw new DatabaseStartException(
                    "The embedded PostgreSQL under " + dataDir + " does not start: " + deepest(e)
                            + "\nIts log is in " + dataDir.resolve("postgres/log")
                            + ". To use a PostgreSQL of your own instead, set SEATLINE_DATABASE_URL"
                            + " (such as jdbc:postgresql://localhost:5432/seatline).",
                    e);
        }
    }

    /** Where the database is that another process runs on this data directory, if it answers by now. */
    static Optional<Address> running(Path dataDir) {
        try {
            var pid = Files.readAllLines(dataDir.resolve("postgres/postmaster.pid"));
            if (pid.size() > 7 && pid.get(7).strip().equals("ready")) {
                return Optional.of(address(Integer.parseInt(pid.get(3).strip()), password(dataDir)));
            }
        } catch (IOException | NumberFormatException e) {
            LOG.log(Level.DEBUG, "no running database", e);
        }
        return Optional.empty();
    }

    private EmbeddedServer(Path dataDir) throws IOException, Taken {
        cluster = dataDir.resolve("postgres");
        binaries = dataDir.resolve("postgres-binaries");
        lockFile = FileChannel.open(dataDir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = lock(dataDir);
        try {
            password = password(dataDir);
            stopOrphan();
            postgres = launch(0, dataDir.resolve("postgres.password"));
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
        watchdog = Thread.ofVirtual().name("database-watchdog").start(this::watch);
    }

    private FileLock lock(Path dataDir) throws IOException, Taken {
        try {
            var acquired = lockFile.tryLock();
            if (acquired != null) {
                return acquired;
            }
        } catch (OverlappingFileLockException e) {
            // taken within this very process
        }
        lockFile.close();
        throw new Taken(dataDir);
    }

    private static String password(Path dataDir) throws IOException {
        var file = dataDir.resolve("postgres.password");
        if (!Files.exists(file)) {
            var fresh = new byte[24];
            new SecureRandom().nextBytes(fresh);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(fresh));
        }
        return Files.readString(file).strip();
    }

    private EmbeddedPostgres launch(int port, Path passwordFile) throws IOException {
        // The library opens the directory of its programs to everybody, who could then put others in their place.
        Files.createDirectories(binaries);
        try {
            return start(port, passwordFile);
        } finally {
            Files.setPosixFilePermissions(binaries, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private EmbeddedPostgres start(int port, Path passwordFile) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(cluster)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setOverrideWorkingDirectory(binaries.toFile())
                .setPort(port)
                .setPGStartupWait(START_LIMIT)
                .setErrorRedirector(Redirect.DISCARD)
                .setOutputRedirector(Redirect.DISCARD)
                // initdb takes the last of an option given twice: passwords instead of the library's trust
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", passwordFile.toString())
                .setLocaleConfig("locale", "C.UTF-8")
                .setConnectConfig("password", password)
                // the library starts it for tests, with -F: what was acknowledged must be on the disk
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "localhost")
                .setServerConfig("unix_socket_directories", "''")
                .setServerConfig("max_connections", "100")
                .setServerConfig("logging_collector", "on")
                .setServerConfig("log_directory", "log")
                .setServerConfig("log_filename", "postgresql-%a.log")
                .setServerConfig("log_truncate_on_rotation", "on")
                .setServerConfig("log_rotation_age", "1d")
                .start();
    }

    /** A database left behind by a killed server is stopped first: it is ours, because the lock is. */
    private void stopOrphan() throws IOException {
        var orphan = postmaster();
        if (orphan.isEmpty()) {
            return;
        }
        LOG.log(Level.INFO, "Stopping the database that an earlier server left running");
        orphan.get().destroy();
        try {
            orphan.get().onExit().get(ORPHAN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException(
                    "the database left by an earlier server (process "
                            + orphan.get().pid() + ") does not stop",
                    e);
        }
    }

    private Optional<ProcessHandle> postmaster() throws IOException {
        var file = cluster.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var lines = Files.readAllLines(file);
        if (lines.size() < 3) {
            return Optional.empty();
        }
        // A process of the same number that started at another time is a stranger (third line: start, in seconds).
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(start -> Math.abs(start.getEpochSecond()
                                        - Instant.ofEpochSecond(Long.parseLong(
                                                        lines.get(2).strip()))
                                                .getEpochSecond())
                                <= 60)
                        .orElse(false));
    }

    private void watch() {
        while (!closing) {
            try {
                Thread.sleep(1000);
                synchronized (starting) {
                    if (!closing && postmaster().isEmpty()) {
                        LOG.log(Level.WARNING, "The embedded database has died: starting it again");
                        var port = postgres.getPort();
                        postgres.close();
                        postgres = launch(port, cluster.resolveSibling("postgres.password"));
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.ERROR, "The embedded database does not start; trying again", e);
            }
        }
    }

    Address address() {
        return address(postgres.getPort(), password);
    }

    private static Address address(int port, String password) {
        return new Address("jdbc:postgresql://localhost:" + port + "/" + NAME, NAME, password);
    }

    @Override
    public void close() throws IOException {
        closing = true;
        watchdog.interrupt();
        synchronized (starting) {
            postgres.close();
        }
        lock.release();
        lockFile.close();
    }

    private static String deepest(Throwable e) {
        var cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
