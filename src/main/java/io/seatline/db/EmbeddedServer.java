package io.seatline.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of our own under the data directory: made at the first start, kept between starts, on a free loopback
 * port, with a password that only the directory's owner can read. One process owns it, the server or a command run
 * without one; other commands find the owner's and use that. If it dies, it is started again, as often as it takes.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(EmbeddedServer.class.getName());

    /** After a crash PostgreSQL first repeats what it had promised, and says that it is starting. */
    private static final Duration START_LIMIT = Duration.ofMinutes(10);

    private static final Duration TRY_EVERY = Duration.ofSeconds(1);
    private static final int STOP_SECONDS = 5;
    private static final long MIN_SPACE = 32L << 20;
    private static final String LOG_DIRECTORY = "postgres/log";

    /** The superuser of a cluster made by {@code initdb}, and the database that is there from the start. */
    private static final String NAME = "postgres";

    /** Whom the application is for the database: it owns its tables, and can do nothing beyond them. */
    private static final String APPLICATION = "seatline";

    private final Path cluster;
    private final Path output;
    private final PostgresPrograms programs;
    private final String password;
    private final int port;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Object starting = new Object();
    private final Thread watchdog;
    private volatile @Nullable Process process;
    private volatile boolean closing;

    /** For a process that is told to end while it starts, or while it carries out a command. */
    private final Thread atExit = Thread.ofPlatform().name("database-stop").unstarted(this::endAtExit);

    private volatile Instant downSince = Instant.MAX;

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
        } catch (SQLException e) {
            if (Failures.isFull(e)) {
                throw doesNotStart(dataDir, e);
            }
            throw new DatabaseStartException(
                    "The embedded PostgreSQL under " + dataDir + " refuses us: " + e.getMessage() + "\nIf "
                            + passwordFile(dataDir)
                            + " has another password than it was made with, delete that file: it gets a new one.",
                    e);
        } catch (IOException e) {
            throw doesNotStart(dataDir, e);
        }
    }

    private static DatabaseStartException doesNotStart(Path dataDir, Exception why) {
        var log = dataDir.resolve(LOG_DIRECTORY);
        return new DatabaseStartException(
                "The embedded PostgreSQL under " + dataDir + " does not start: " + why.getMessage()
                        + (isFull(dataDir) ? "\nIts disk is full: it has " + (room(dataDir) >> 20) + " MB left." : "")
                        + (Files.exists(log) ? "\nIts log is in " + log + "." : "")
                        + "\nTo use a PostgreSQL of your own instead, set SEATLINE_DATABASE_URL"
                        + " (such as jdbc:postgresql://localhost:5432/seatline).",
                why);
    }

    /** Unpacks PostgreSQL's programs into a directory, to be there before a first start. */
    public static void unpack(Path directory) {
        try {
            var _ = PostgresPrograms.unpacked(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the database is that another process runs on this data directory, if it answers by now. */
    static Optional<Address> running(Path dataDir) {
        try {
            var pid = Files.readAllLines(dataDir.resolve("postgres/postmaster.pid"));
            if (isReady(pid)) {
                return Optional.of(address(
                        Integer.parseInt(pid.get(3).strip()),
                        APPLICATION,
                        Files.readString(passwordFile(dataDir)).strip()));
            }
        } catch (IOException | NumberFormatException e) {
            LOG.log(Level.DEBUG, "no running database", e);
        }
        return Optional.empty();
    }

    private static boolean isReady(List<String> postmasterPid) {
        return postmasterPid.size() > 7 && postmasterPid.get(7).strip().equals("ready");
    }

    private EmbeddedServer(Path dataDir) throws IOException, SQLException, Taken {
        cluster = dataDir.resolve("postgres");
        output = dataDir.resolve("postgres.out");
        lockFile = FileChannel.open(dataDir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = lock(dataDir);
        try {
            programs = PostgresPrograms.unpacked(dataDir.resolve("postgres-binaries"));
            refuseOtherVersion();
            Runtime.getRuntime().addShutdownHook(atExit);
            stopOrphan();
            password = password(dataDir);
            makeCluster(passwordFile(dataDir));
            port = freePort();
            launch();
            prepareApplication();
        } catch (IOException | SQLException | RuntimeException e) {
            end();
            leaveAtExit();
            lockFile.close();
            throw e;
        }
        watchdog = Thread.ofPlatform().daemon().name("database-watchdog").start(this::watch);
    }

    /** From now on somebody else closes it when the process is told to end. */
    void leaveAtExit() {
        try {
            var _ = Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the process is ending already
        }
    }

    private void endAtExit() {
        closing = true;
        end();
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

    private void refuseOtherVersion() throws IOException {
        var file = cluster.resolve("PG_VERSION");
        if (!Files.exists(file)) {
            return;
        }
        var theirs = Files.readString(file).strip();
        var ours = programs.majorVersion();
        if (!theirs.equals(Integer.toString(ours))) {
            throw new IOException(
                    "it was made by PostgreSQL " + theirs + ", and this Seatline brings PostgreSQL " + ours
                            + ".\nStart the Seatline that made it, or dump it with pg_dump of PostgreSQL " + theirs
                            + " and load it into a database of version " + ours + ".");
        }
    }

    private static Path passwordFile(Path dataDir) {
        return dataDir.resolve("postgres.password");
    }

    private String password(Path dataDir) throws IOException {
        var file = passwordFile(dataDir);
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        var fresh = new byte[24];
        new SecureRandom().nextBytes(fresh);
        var made = HexFormat.of().formatHex(fresh);
        if (Files.exists(cluster)) {
            LOG.log(Level.WARNING, "{0} is gone: the embedded database gets a new password", file);
            programs.runWith(
                    "ALTER ROLE " + NAME + " PASSWORD '" + made + "'\n",
                    "postgres",
                    "--single",
                    "-D",
                    cluster.toString(),
                    NAME);
        }
        var half = file.resolveSibling(file.getFileName() + ".half");
        Files.deleteIfExists(half);
        Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(half, made);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        return made;
    }

    /** Made beside its place, so that one that is there is whole. */
    private void makeCluster(Path passwordFile) throws IOException {
        if (Files.exists(cluster)) {
            return;
        }
        var half = cluster.resolveSibling(cluster.getFileName() + ".half");
        PostgresPrograms.delete(half);
        programs.run(
                "initdb",
                "--pgdata=" + half,
                "--username=" + NAME,
                "--auth=scram-sha-256",
                "--pwfile=" + passwordFile,
                "--encoding=UTF-8",
                "--locale=C.UTF-8");
        Files.move(half, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void launch() throws IOException {
        var log = new PostgresLog(output, cluster.resolve("log"));
        if (postmaster().isEmpty()) {
            disown();
        }
        var launched = programs.program(
                        "postgres",
                        "-D",
                        cluster.toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=localhost",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "max_connections=100",
                        // by itself it stays up for good, and lets nobody in, if its disk is full just then: we do it
                        "-c",
                        "restart_after_crash=off",
                        "-c",
                        "logging_collector=on",
                        "-c",
                        "log_directory=log",
                        "-c",
                        "log_filename=postgresql-%a.log",
                        "-c",
                        "log_truncate_on_rotation=on",
                        "-c",
                        "log_rotation_age=1d")
                .redirectOutput(Redirect.to(output.toFile()))
                .start();
        process = launched;
        if (closing) {
            launched.destroyForcibly();
            throw new IOException("it is to end already");
        }
        launched.getOutputStream().close();
        try {
            awaitReady(launched, log);
        } catch (IOException | RuntimeException e) {
            launched.destroyForcibly();
            throw e;
        }
    }

    private void awaitReady(Process launched, PostgresLog log) throws IOException {
        var began = Instant.now();
        var deadline = began.plus(START_LIMIT);
        var nextWord = began.plusSeconds(10);
        while (!isReadyAs(launched)) {
            try {
                if (launched.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new ProgramFailure("PostgreSQL ended at once", log.said());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            if (Instant.now().isAfter(deadline)) {
                throw new IOException("it was not ready after " + START_LIMIT.toMinutes() + " minutes");
            }
            if (Instant.now().isAfter(nextWord)) {
                LOG.log(Level.INFO, "Waiting for the embedded database, which has much to recover");
                nextWord = Instant.now().plusSeconds(10);
            }
        }
    }

    private boolean isReadyAs(Process launched) throws IOException {
        try {
            var lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
            return isReady(lines) && lines.getFirst().strip().equals(Long.toString(launched.pid()));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Nothing that comes by way of the application can do more than the application: its role is no superuser. */
    private void prepareApplication() throws SQLException {
        try (var connection = connect()) {
            execute(connection, """
                    DO $$ BEGIN
                      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN
                        CREATE ROLE %1$s LOGIN;
                      END IF;
                    END $$""".formatted(APPLICATION));
            execute(connection, "ALTER ROLE " + APPLICATION + " PASSWORD '" + password + "'");
            execute(connection, "ALTER DATABASE " + NAME + " OWNER TO " + APPLICATION);
            // what was made before the application had a role of its own
            execute(connection, """
                    DO $$ DECLARE thing record; BEGIN
                      ALTER SCHEMA public OWNER TO %1$s;
                      FOR thing IN
                        SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.oid::regclass AS name
                        FROM pg_class c
                        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
                          AND c.relowner <> '%1$s'::regrole
                          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i', 'e'))
                      LOOP
                        EXECUTE format('ALTER %%s %%s OWNER TO %1$s', thing.kind, thing.name);
                      END LOOP;
                      FOR thing IN
                        SELECT p.oid::regprocedure AS name FROM pg_proc p
                        WHERE p.pronamespace = 'public'::regnamespace AND p.proowner <> '%1$s'::regrole
                          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
                      LOOP
                        EXECUTE format('ALTER ROUTINE %%s OWNER TO %1$s', thing.name);
                      END LOOP;
                      FOR thing IN
                        SELECT t.oid::regtype AS name FROM pg_type t
                        WHERE t.typnamespace = 'public'::regnamespace AND t.typowner <> '%1$s'::regrole AND t.typtype IN ('e', 'd')
                      LOOP
                        EXECUTE format('ALTER TYPE %%s OWNER TO %1$s', thing.name);
                      END LOOP;
                    END $$""".formatted(APPLICATION));
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(address(port, NAME, password).url(), NAME, password);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A database left behind by a killed server is stopped first: it is ours, because the lock is. */
    private void stopOrphan() throws IOException {
        var orphan = postmaster();
        if (orphan.isPresent()) {
            LOG.log(Level.INFO, "Stopping the database that an earlier server left running");
            stop(orphan.get());
        }
    }

    private Optional<ProcessHandle> postmaster() throws IOException {
        var file = cluster.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var lines = Files.readAllLines(file);
        try {
            if (lines.size() < 3) {
                return Optional.empty();
            }
            var started = Long.parseLong(lines.get(2).strip());
            // A process of the same number that started at another time is a stranger (third line: start, in seconds).
            return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                    .filter(ProcessHandle::isAlive)
                    .filter(found -> found.info()
                            .startInstant()
                            .map(start -> Math.abs(start.getEpochSecond() - started) <= 60)
                            .orElse(false));
        } catch (NumberFormatException e) {
            LOG.log(Level.DEBUG, "no pid file", e);
            return Optional.empty();
        }
    }

    /**
     * Puts this process into a pid file that a stranger's process has the number of, or nobody can read. PostgreSQL
     * would not start, after a loss of power or in a container; but it takes the number of its parent for left behind,
     * and still looks at the memory that goes with the file, which processes of the dead one may have.
     */
    private void disown() throws IOException {
        var file = cluster.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        var lines = new ArrayList<>(Files.readAllLines(file));
        if (lines.isEmpty()) {
            Files.delete(file);
        } else if (isTaken(lines.getFirst().strip())) {
            lines.set(0, Long.toString(ProcessHandle.current().pid()));
            // beside it, since the disk may be full
            var half = file.resolveSibling("postmaster.pid.half");
            Files.write(half, lines);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static boolean isTaken(String pid) {
        try {
            return ProcessHandle.of(Long.parseLong(pid))
                    .filter(ProcessHandle::isAlive)
                    .isPresent();
        } catch (NumberFormatException e) {
            return true;
        }
    }

    /**
     * Ends open transactions, makes all durable and goes. Where that hangs it is ended, and recovers at the next start.
     */
    private void stop(ProcessHandle postmaster) {
        try {
            var seconds = Integer.toString(STOP_SECONDS);
            programs.program("pg_ctl", "stop", "-D", cluster.toString(), "-m", "fast", "-t", seconds)
                    .redirectOutput(Redirect.DISCARD)
                    .start()
                    .waitFor(STOP_SECONDS + 1, TimeUnit.SECONDS);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The embedded database is not asked to stop: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (postmaster.isAlive()) {
            kill(postmaster);
            var _ = postmaster
                    .onExit()
                    .completeOnTimeout(postmaster, 1, TimeUnit.SECONDS)
                    .join();
        }
    }

    /**
     * With all its processes: one that does not run can't notice the end of the others, and would be in the way of the
     * next start.
     */
    private static void kill(ProcessHandle postmaster) {
        var all = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private void watch() {
        try {
            while (!closing) {
                var _ = Objects.requireNonNull(process).waitFor();
                if (closing) {
                    return;
                }
                downSince = Instant.now();
                LOG.log(Level.WARNING, "The embedded database has died: starting it again");
                bringBack();
                LOG.log(Level.INFO, "The embedded database runs again");
                downSince = Instant.MAX;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Tries until it is done, or not wanted any more, whatever is in the way; what is in the way first is told once.
     */
    private void bringBack() throws InterruptedException {
        for (var told = false; ; told = true) {
            try {
                startAgain();
                return;
            } catch (IOException | SQLException | RuntimeException | Error e) {
                if (!told && !closing) {
                    LOG.log(
                            Level.ERROR,
                            "The embedded database does not start; trying again and again: {0}",
                            (e instanceof ProgramFailure failure ? failure.reason() : e.getMessage())
                                    // which PostgreSQL may find no room to say
                                    + (isFull() ? "; its disk is full" : ""));
                }
            }
            Thread.sleep(TRY_EVERY);
        }
    }

    /** Until somebody can connect: PostgreSQL starts on a full disk too, and then lets nobody in. */
    private void startAgain() throws IOException, SQLException {
        synchronized (starting) {
            if (!closing && !Objects.requireNonNull(process).isAlive()) {
                launch();
            }
        }
        connect().close();
    }

    /** Whether the next changes may find no room: PostgreSQL writes its log in pieces of 16 MB. */
    boolean isFull() {
        return isFull(cluster);
    }

    private static boolean isFull(Path directory) {
        return room(directory) < MIN_SPACE;
    }

    private static long room(Path directory) {
        return directory.toFile().getUsableSpace();
    }

    /** Whether it has died, and is not back. */
    boolean isDown() {
        return !downSince.equals(Instant.MAX);
    }

    /** Since when; {@link Instant#MAX} while it runs. */
    Instant downSince() {
        return downSince;
    }

    Address address() {
        return address(port, APPLICATION, password);
    }

    private static Address address(int port, String user, String password) {
        return new Address("jdbc:postgresql://localhost:" + port + "/" + NAME, user, password);
    }

    /** Ends it at once, for a process that has no time left: it recovers at the next start. */
    void kill() {
        closing = true;
        var running = process;
        if (running != null) {
            kill(running.toHandle());
        }
    }

    private void end() {
        var running = process;
        if (running != null && running.isAlive()) {
            stop(running.toHandle());
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        watchdog.interrupt();
        synchronized (starting) {
            end();
        }
        leaveAtExit();
        lock.release();
        lockFile.close();
    }
}
