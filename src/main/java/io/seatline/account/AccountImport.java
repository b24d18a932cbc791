package io.seatline.account;

import io.seatline.account.AccountFile.Problem;
import io.seatline.audit.Actor;
import io.seatline.secret.SealedText;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Creates the accounts of a whole file, or none of them. The lines go into a temporary table while they are read; what
 * takes a look at other rows is checked there, under locks on the customers, and a single statement makes accounts of
 * them all.
 */
public final class AccountImport {
    /** More than this many problems are only counted: nobody reads them. */
    private static final int SHOWN = 100;

    private static final int PROGRESS_EVERY = 1000;

    private final Jdbi jdbi;
    private final SealedText passwords;

    /**
     * What became of it.
     *
     * @param accounts how many there are now, or with a dry run would be; 0 with any problem
     * @param problems the first hundred
     * @param problemCount all of them
     */
    public record RegisterOutcome(long accounts, List<Problem> problems, long problemCount) {}

    /** Imports into the database behind {@code jdbi}, sealing passwords with {@code passwords}. */
    public AccountImport(Jdbi jdbi, SealedText passwords) {
        this.jdbi = jdbi;
        this.passwords = passwords;
    }

    /**
     * Imports a file.
     *
     * @param file reads it from end to end
     * @param dryRun whether to do everything but keep it
     * @param progress hears the number of lines read so far
     */
    public RegisterOutcome run(
            Consumer<AccountFile.Rows> file, int operatorId, Actor actor, boolean dryRun, LongConsumer progress) {
        return jdbi.inTransaction(handle -> {
            var work = new Work(handle, operatorId, progress);
            work.stage(file);
            if (work.problemCount == 0) {
                work.check();
            }
            if (work.problemCount > 0) {
                handle.rollback();
                return new RegisterOutcome(0, work.problems, work.problemCount);
            }
            var created = work.create(actor);
            if (dryRun) {
                handle.rollback();
            }
            return new RegisterOutcome(created, List.of(), 0);
        });
    }

    private final class Work {
        private final Handle handle;
        private final int operatorId;
        private final LongConsumer progress;
        private final List<Problem> problems = new ArrayList<>();
        private long problemCount;
        private long lines;

        Work(Handle handle, int operatorId, LongConsumer progress) {
            this.handle = handle;
            this.operatorId = operatorId;
            this.progress = progress;
        }

        private void problem(Problem problem) {
            problemCount++;
            if (problems.size() < SHOWN) {
                problems.add(problem);
            }
        }

        void stage(Consumer<AccountFile.Rows> file) {
            handle.execute("""
                    CREATE TEMPORARY TABLE imported ON COMMIT DROP AS
                    SELECT 0::bigint AS line, a.* FROM sip_accounts a WITH NO DATA
                    """);
            try {
                var copy = handle.getConnection()
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY imported (line, " + SipAccounts.WRITTEN + ") FROM STDIN");
                try {
                    file.accept(new AccountFile.Rows() {
                        @Override
                        public void account(long line, NewAccount account) {
                            copy(copy, line, account);
                        }

                        @Override
                        public void problem(Problem problem) {
                            Work.this.problem(problem);
                        }
                    });
                    copy.endCopy();
                } finally {
                    if (copy.isActive()) {
                        copy.cancelCopy();
                    }
                }
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
            handle.execute("ANALYZE imported");
        }

        private void copy(CopyIn copy, long line, NewAccount account) {
            var settings = account.settings();
            var row = new StringBuilder(300);
            row.append(line).append('\t').append(account.id());
            text(row, account.customerId());
            var sealed = passwords.seal(settings.secret().kept(), account.id());
            row.append("\t\\\\x").append(HexFormat.of().formatHex(sealed));
            text(row, settings.secret().realm());
            Setting.ALL.forEach(setting -> text(row, setting.stored(settings)));
            row.append('\n');
            var bytes = row.toString().getBytes(StandardCharsets.UTF_8);
            try {
                copy.writeToCopy(bytes, 0, bytes.length);
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
            if (++lines % PROGRESS_EVERY == 0) {
                progress.accept(lines);
            }
        }

        /** A cell of COPY's text format, in which no value can end the cell or the line. */
        private static void text(StringBuilder row, @Nullable Object value) {
            row.append('\t');
            if (value == null) {
                row.append("\\N");
            } else {
                row.append(value.toString()
                        .replace("\\", "\\\\")
                        .replace("\t", "\\t")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r"));
            }
        }

        void check() {
            handle.createQuery("""
                            SELECT c.id FROM customers c
                            WHERE c.operator_id = :operator AND c.id IN (SELECT customer_id FROM imported)
                            ORDER BY c.id FOR UPDATE
                            """)
                    .bind("operator", operatorId)
                    .mapTo(String.class)
                    .list();
            report("customer_id", """
                    SELECT i.line, 'there is no customer ' || i.customer_id
                    FROM imported i LEFT JOIN customers c ON c.operator_id = :operator AND c.id = i.customer_id
                    WHERE c.id IS NULL ORDER BY i.line
                    """);
            report("username", """
                    SELECT line, 'the username ' || username || ' stands in line ' || first || ' already'
                    FROM (SELECT line, username, min(line) OVER (PARTITION BY lower(username)) AS first FROM imported) i
                    WHERE line > first ORDER BY line
                    """);
            report("username", """
                    SELECT i.line, 'the username ' || i.username || ' is taken'
                    FROM imported i JOIN sip_accounts a ON lower(a.username) = lower(i.username) ORDER BY i.line
                    """);
            report("id", """
                    SELECT line, 'the id ' || id || ' stands in line ' || first || ' already'
                    FROM (SELECT line, id, first_value(line) OVER (PARTITION BY id ORDER BY line) AS first FROM imported) i
                    WHERE line > first ORDER BY line
                    """);
            report(
                    "id",
                    "SELECT i.line, 'the id ' || i.id || ' is taken' FROM imported i JOIN sip_accounts a USING (id) ORDER BY i.line");
            report("customer_id", """
                    SELECT line, 'customer ' || customer_id || ' may have ' || sip_account_limit || ' accounts, and has '
                        || accounts || ' already'
                    FROM (
                        SELECT i.line, i.customer_id, c.sip_account_limit, coalesce(k.accounts, 0) AS accounts,
                            row_number() OVER (PARTITION BY i.customer_id ORDER BY i.line) AS seat
                        FROM imported i
                        JOIN customers c ON c.operator_id = :operator AND c.id = i.customer_id
                        LEFT JOIN sip_account_counts k
                            ON k.operator_id = :operator AND k.filter = 'customer.id' AND k.value = i.customer_id
                        WHERE c.sip_account_limit IS NOT NULL) seats
                    WHERE accounts + seat > sip_account_limit ORDER BY line
                    """);
        }

        private void report(String column, String sql) {
            try (Query query = handle.createQuery(sql)) {
                if (sql.contains(":operator")) {
                    query.bind("operator", operatorId);
                }
                query.map((row, context) -> new Problem(row.getLong(1), column, row.getString(2)))
                        .forEach(this::problem);
            }
        }

        long create(Actor actor) {
            var created = handle.createUpdate("INSERT INTO sip_accounts (operator_id, " + SipAccounts.WRITTEN
                            + ") SELECT :operator, " + SipAccounts.WRITTEN + " FROM imported ORDER BY line")
                    .bind("operator", operatorId)
                    .execute();
            handle.createUpdate("""
                            INSERT INTO audit (operator_id, actor, action, type, subject, changes)
                            SELECT :operator, :actor, 'create', 'sip_device_routes', id, jsonb_build_object(
                                'customer', jsonb_build_array(NULL, customer_id),
                                'username', jsonb_build_array(NULL, username))
                            FROM imported ORDER BY line
                            """)
                    .bind("operator", operatorId)
                    .bind("actor", actor.name())
                    .execute();
            return created;
        }
    }
}
