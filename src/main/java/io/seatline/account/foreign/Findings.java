package io.seatline.account.foreign;

import io.seatline.account.AccountFile.Problem;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is found in one file on its way to {@link ForeignRows}. */
final class Findings {
    private final ForeignRows rows;
    private final Set<String> withoutCounterpart = new HashSet<>();

    Findings(ForeignRows rows) {
        this.rows = rows;
    }

    void account(ForeignAccount account) {
        rows.account(account);
    }

    void remark(long line, @Nullable String account, String setting, String why) {
        rows.remark(new Remark(line, account, setting, why));
    }

    /** Remarks once that nothing here is like such a setting. */
    void noCounterpart(long line, String setting) {
        if (withoutCounterpart.add(setting)) {
            remark(
                    line,
                    null,
                    setting,
                    "nothing here is like it: an account has a login, caller IDs and an allow-list");
        }
    }

    void problem(long line, String message) {
        rows.problem(new Problem(line, null, message));
    }
}
