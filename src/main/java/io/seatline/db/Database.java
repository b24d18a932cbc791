package io.seatline.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;

/** The database: reached or started, migrated, and a pool of connections to it. */
public final class Database implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Database.class.getName());
    private static final int OLDEST_VERSION = 140000;

    /** Longer statements are cut off by PostgreSQL, and connections that stay silent for longer given up. */
    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(7);

    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(10);

    private static final Duration WRITE_LIMIT = Duration.ofSeconds(3);

    /** How long a full disk is believed to be full, unless a change shows it again. */
    private static final Duration FULL_FOR = Duration.ofSeconds(10);

    private static final String FULL = "the database's disk is full";

    /** Why nothing can be written when nobody says why. */
    static final String SILENT = "the database does not answer";

    private final @Nullable EmbeddedServer embedded;
    private final EmbeddedServer.Address address;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final OutageLog outages;
    private final boolean server;
    private volatile Instant lastFull = Instant.EPOCH;

    /**
     * Which database, and how to use it.
     *
     * @param url empty for the embedded one under {@code dataDir}
     * @param startWait how long to wait for one that is down
     * @param server whether this is the server: it owns an embedded database, and its statements are short. A command
     *     uses the running server's, and takes the time it needs.
     */
    public record Settings(
            Path dataDir,
            Optional<String> url,
            String user,
            Optional<String> password,
            int poolSize,
            Duration startWait,
            boolean server) {}

    private Database(Settings settings, @Nullable EmbeddedServer embedded, EmbeddedServer.Address address) {
        this.embedded = embedded;
        this.address = address;
        this.server = settings.server();
        var config = new HikariConfig();
        config.setPoolName("database");
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(settings.poolSize());
        config.setConnectionTimeout(3000);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", "seatline");
        config.addDataSourceProperty("connectTimeout", "3");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // it would name the values of a row or of a batch
        config.addDataSourceProperty("logServerErrorDetail", "false");
        if (server) {
            config.addDataSourceProperty("socketTimeout", Long.toString(SILENCE_LIMIT.toSeconds()));
            config.addDataSourceProperty("options", "-c statement_timeout=" + STATEMENT_LIMIT.toMillis());
        }
        pool = new HikariDataSource(config);
        outages = new OutageLog(this);
        jdbi = Jdbi.create(this::pooled);
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(Database::withoutValues);
        jdbi.setSqlLogger(new SqlLogger() {
            @Override
            public void logException(StatementContext context, SQLException failure) {
                failed(failure);
            }
        });
        // a record by its components' names: each is a column
        jdbi.registerRowMapper((Type type, ConfigRegistry _) -> type instanceof Class<?> record && record.isRecord()
                ? Optional.of(ConstructorMapper.of(record))
                : Optional.empty());
        jdbi.registerArrayType(UUID.class, "uuid");
        jdbi.registerArrayType(String.class, "text");
        jdbi.registerArrayType(Long.class, "bigint");
        jdbi.registerArrayType(Boolean.class, "boolean");
    }

    /**
     * Reaches or starts the database, and brings its tables up to date.
     *
     * @throws DatabaseStartException when that is not possible; the message says what to do
     */
    public static Database open(Settings settings) {
        EmbeddedServer embedded = null;
        EmbeddedServer.Address address;
        if (settings.url().isPresent()) {
            address = new EmbeddedServer.Address(
                    settings.url().get(), settings.user(), settings.password().orElse(""));
        } else {
            try {
                embedded = EmbeddedServer.start(settings.dataDir());
                address = embedded.address();
            } catch (EmbeddedServer.Taken e) {
                if (settings.server()) {
                    throw new DatabaseStartException(
                            e.getMessage() + " Stop it first, or set SEATLINE_DATA_DIR to another directory.", null);
                }
                address = addressOfRunning(settings);
            }
        }
        try {
            awaitAnswer(address, settings.startWait());
            var database = new Database(settings, embedded, address);
            database.migrate();
            if (settings.server()) {
                database.warnOfSuperuser();
            }
            return database;
        } catch (RuntimeException e) {
            if (embedded != null) {
                close(embedded);
            }
            throw e;
        }
    }

    private Connection pooled() throws SQLException {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            failed(e);
            throw e;
        }
    }

    private void failed(SQLException failure) {
        // what the disk itself shows need not be remembered
        if (Failures.isFull(failure) && !(embedded != null && embedded.isFull())) {
            lastFull = Instant.now();
        }
        if (server && Failures.isOutage(failure)) {
            outages.suspect();
        }
    }

    /** What is logged of a failed statement: nothing that a client sent, or that is stored. */
    private static String withoutValues(StatementException failure) {
        var context = failure.getStatementContext();
        return failure.getShortMessage()
                + (context == null
                        ? ""
                        : " [statement: " + context.getRenderedSql().strip() + "]");
    }

    private static EmbeddedServer.Address addressOfRunning(Settings settings) {
        var deadline = Instant.now().plus(settings.startWait());
        while (Instant.now().isBefore(deadline)) {
            var running = EmbeddedServer.running(settings.dataDir());
            if (running.isPresent()) {
                return running.get();
            }
            pause();
        }
        throw new DatabaseStartException(
                "The Seatline that runs on " + settings.dataDir() + " has not got its database ready.", null);
    }

    private static void awaitAnswer(EmbeddedServer.Address address, Duration limit) {
        var properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("socketTimeout", "5");
        var deadline = Instant.now().plus(limit);
        var nextWord = Instant.now();
        while (true) {
            try (var connection = DriverManager.getConnection(address.url(), properties)) {
                checkVersion(connection);
                return;
            } catch (SQLException e) {
                if (!Failures.isAway(e)) {
                    throw new DatabaseStartException(
                            "The database " + shown(address) + " refuses user " + address.user() + ": " + e.getMessage()
                                    + "\nSee SEATLINE_DATABASE_URL, SEATLINE_DATABASE_USER and SEATLINE_DATABASE_PASSWORD.",
                            e);
                }
                var left = Duration.between(Instant.now(), deadline);
                if (!left.isPositive()) {
                    throw new DatabaseStartException(
                            "The database " + shown(address) + " did not answer within " + limit.toSeconds() + " s: "
                                    + e.getMessage() + "\nIs it running, and is SEATLINE_DATABASE_URL right?",
                            e);
                }
                if (!Instant.now().isBefore(nextWord)) {
                    LOG.log(
                            Level.WARNING,
                            "Waiting for the database {0}, {1} s more: {2}",
                            shown(address),
                            left.toSeconds(),
                            e.getMessage());
                    nextWord = Instant.now().plusSeconds(5);
                }
                pause();
            }
        }
    }

    private static void checkVersion(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT current_setting('server_version_num')::int")) {
            row.next();
            if (row.getInt(1) < OLDEST_VERSION) {
                throw new DatabaseStartException(
                        "The database is PostgreSQL " + row.getInt(1) / 10000 + "; Seatline needs 14 or later.", null);
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseStartException("Interrupted while waiting for the database.", e);
        }
    }

    private void migrate() {
        try {
            var flyway = Flyway.configure()
                    .dataSource(address.url(), address.user(), address.password())
                    .locations("classpath:db/migration")
                    .load();
            refuseNewer(flyway.info().all());
            flyway.migrate();
        } catch (FlywayException e) {
            pool.close();
            throw new DatabaseStartException(
                    "The tables of " + shown(address) + " can't be brought up to date: " + e.getMessage(), e);
        } catch (DatabaseStartException e) {
            pool.close();
            throw e;
        }
    }

    /**
     * Flyway by itself takes tables that it does not know: an older program would write to them what the newer one
     * can't read.
     */
    private void refuseNewer(MigrationInfo[] migrations) {
        var newest = Arrays.stream(migrations)
                .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS
                        || migration.getState() == MigrationState.FUTURE_FAILED)
                .filter(MigrationInfo::isVersioned)
                .map(MigrationInfo::getVersion)
                .max(Comparator.naturalOrder());
        var known = Arrays.stream(migrations)
                .filter(migration -> migration.getState().isResolved())
                .filter(MigrationInfo::isVersioned)
                .map(MigrationInfo::getVersion)
                .max(Comparator.naturalOrder());
        if (newest.isPresent()) {
            throw new DatabaseStartException(
                    "The tables of " + shown(address) + " are a newer Seatline's: they are at version " + newest.get()
                            + ", and this program knows them up to "
                            + known.map(Object::toString).orElse("none")
                            + ".\nStart that newer Seatline or a later one, or restore the backup from before the upgrade.",
                    null);
        }
    }

    private void warnOfSuperuser() {
        var superuser = jdbi.withHandle(handle -> handle.createQuery("SELECT current_setting('is_superuser')::bool")
                .mapTo(Boolean.class)
                .one());
        if (superuser) {
            LOG.log(
                    Level.WARNING,
                    "The database user {0} is a superuser, and can do more than Seatline needs: give it a role of its own that owns"
                            + " its database (docs/operations.md)",
                    address.user());
        }
    }

    /** Runs SQL on pooled connections. */
    public Jdbi jdbi() {
        return jdbi;
    }

    /** Whether the database is the embedded one. */
    public boolean isEmbedded() {
        return embedded != null;
    }

    /** The database's address, without anything secret. */
    public String url() {
        return shown(address);
    }

    /** The address without its parameters, of which one may be a password. */
    private static String shown(EmbeddedServer.Address address) {
        return address.url().replaceFirst("\\?.*", "");
    }

    /** Why nothing can be written now; empty when it can. */
    public Optional<String> whyNotWritable() {
        var why = tryToWrite();
        if (why.isPresent()) {
            outages.suspect();
        } else if (!hasConnections()) {
            return Optional.of("the database's connections are not back yet");
        }
        return why;
    }

    /**
     * Tries with a change that changes nothing, on a connection of its own: one of the pool's may be long in coming
     * from those who work.
     */
    Optional<String> tryToWrite() {
        if (Instant.now().isBefore(lastFull.plus(FULL_FOR)) || (embedded != null && embedded.isFull())) {
            return Optional.of(FULL);
        }
        try (var connection = connect("seatline health", WRITE_LIMIT);
                var statement = connection.createStatement()) {
            statement.execute("UPDATE installation SET key_check = key_check");
            return Optional.empty();
        } catch (SQLException e) {
            if (Failures.isFull(e)) {
                return Optional.of(FULL);
            }
            return Optional.of(Failures.isReadOnly(e) ? "the database takes no changes" : SILENT);
        }
    }

    /** Whether requests find one to work with: after an outage the pool tries again up to five seconds late. */
    boolean hasConnections() {
        return pool.getHikariPoolMXBean().getTotalConnections() > 0;
    }

    /** Whether an embedded database has died, and is not back. */
    boolean isDown() {
        return embedded != null && embedded.isDown();
    }

    /** From now on an embedded one is not stopped with the process by itself: whoever calls this closes it in time. */
    public void closedByOwner() {
        if (embedded != null) {
            embedded.leaveAtExit();
        }
    }

    /** How long an embedded database has been dead or silent for; an external one is somebody else's. */
    public Duration downFor() {
        if (embedded == null) {
            return Duration.ZERO;
        }
        var since = OutageLog.earlier(embedded.downSince(), outages.silentSince());
        return since.equals(Instant.MAX) ? Duration.ZERO : Duration.between(since, Instant.now());
    }

    /** Ends an embedded database at once, for a process that has no time left. */
    public void kill() {
        if (embedded != null) {
            embedded.kill();
        }
    }

    /** Measures the pool. */
    public void measure(MeterRegistry meters) {
        pool.setMetricRegistry(meters);
    }

    /** A connection of its own, outside the pool, that hears of changes. */
    Connection connect() throws SQLException {
        return connect("seatline notifications", SILENCE_LIMIT);
    }

    private Connection connect(String purpose, Duration silenceLimit) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("ApplicationName", purpose);
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("socketTimeout", Long.toString(silenceLimit.toSeconds()));
        return DriverManager.getConnection(address.url(), properties);
    }

    @Override
    public void close() {
        outages.close();
        pool.close();
        if (embedded != null) {
            close(embedded);
        }
    }

    private static void close(EmbeddedServer embedded) {
        try {
            embedded.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
