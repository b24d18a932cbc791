package io.seatline.account.foreign;

import io.seatline.account.AccountFile.Problem;

/** Takes what is found in another system's file. */
public interface ForeignRows {
    /** An account that can be made. */
    void account(ForeignAccount account);

    /** Something that can't be kept. */
    void remark(Remark remark);

    /**
     * Something that can't be read, or an account that can't be made; reading goes on, so that everything wrong is
     * found at once.
     */
    void problem(Problem problem);
}
