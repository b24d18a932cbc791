package io.seatline.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fresh database for a test, dropped when it is closed. It lies on the PostgreSQL that SEATLINE_TEST_DATABASE_URL, _USER and
 * _PASSWORD name, or on one that is started once for all tests of a run.
 */
public final class TestDatabase implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name = "seatline_test_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();

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

    TestDatabase() {
        execute("CREATE DATABASE " + name);
    }

    /** A database without any tables. */
    public static TestDatabase unmigrated() {
        return new TestDatabase();
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
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs {@code sql} in this database. */
    public void run(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
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
        execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
}
