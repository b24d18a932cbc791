package io.seatline.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/**
 * A fresh database for a test, dropped when it is closed, with all tables: a copy of one that is migrated once for all
 * tests of a run. It lies on the PostgreSQL that SEATLINE_TEST_DATABASE_URL, _USER and _PASSWORD name, or on one that
 * is started for the run.
 */
public final class TestDatabase implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name;

    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

    /** The PostgreSQL of this run, reached through its database "postgres". */
    private record Cluster(String url, String user, String password) {
        private static final Cluster INSTANCE = Optional.ofNullable(System.getenv("SEATLINE_TEST_DATABASE_URL"))
                .map(url -> new Cluster(
                        url,
                        System.getenv().getOrDefault("SEATLINE_TEST_DATABASE_USER", "postgres"),
                        System.getenv().getOrDefault("SEATLINE_TEST_DATABASE_PASSWORD", "")))
                .orElseGet(Cluster::started);

        private static Cluster started() {
            try {
                var postgres = EmbeddedPostgres.builder()
                        .setOverrideWorkingDirectory(
                                Path.of("target/test-postgres").toAbsolutePath().toFile())
                        .start();
                return new Cluster(
                        "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres", "postgres", "postgres");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What the others are copies of. */
    private static final class Template {
        private static final TestDatabase MIGRATED = migrated();

        private static TestDatabase migrated() {
            var template = unmigrated();
            if (System.getenv("SEATLINE_TEST_DATABASE_URL") != null) {
                Runtime.getRuntime().addShutdownHook(new Thread(template::close));
            }
            Flyway.configure()
                    .dataSource(template.url(), template.user(), template.password())
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
            return template;
        }
    }

    /** A database as a server leaves it at its first start. */
    TestDatabase() {
        this("TEMPLATE " + Template.MIGRATED.name);
    }

    private TestDatabase(String options) {
        name = "seatline_test_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
        execute("CREATE DATABASE " + name + " " + options);
    }

    /** A database without anything in it. */
    public static TestDatabase unmigrated() {
        return new TestDatabase("");
    }

    public String url() {
        return Cluster.INSTANCE.url().replaceFirst("/postgres(?=$|\\?)", "/" + name);
    }

    public String user() {
        return Cluster.INSTANCE.user();
    }

    public String password() {
        return Cluster.INSTANCE.password();
    }

    /** A connection to this database. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), user(), password());
    }

    /** A number that {@code sql} selects. */
    public long number(String sql) {
        return work(statement -> {
            try (var rows = statement.executeQuery(sql)) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    /** The text that {@code sql} selects, empty for null and for no row. */
    public String text(String sql) {
        return work(statement -> {
            try (var rows = statement.executeQuery(sql)) {
                return rows.next() ? Objects.requireNonNullElse(rows.getString(1), "") : "";
            }
        });
    }

    /** Runs {@code sql} in this database. */
    public void run(String sql) {
        work(statement -> statement.execute(sql));
    }

    private interface Work<T> {
        T with(Statement statement) throws SQLException;
    }

    /** On a connection of its own, which is kept for the next. */
    private <T> T work(Work<T> work) {
        var kept = idle.poll();
        try {
            var connection = kept == null ? connect() : kept;
            try (var statement = connection.createStatement()) {
                var result = work.with(statement);
                idle.add(connection);
                return result;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(String sql) {
        var cluster = Cluster.INSTANCE;
        try (var connection = DriverManager.getConnection(cluster.url(), cluster.user(), cluster.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (var connection : idle) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
}
