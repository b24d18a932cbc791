package io.seatline.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seatline.account.AllowList;

/** Any list of addresses: what is accepted is canonical, and none of it is the whole world unless it was written so. */
public final class AllowListFuzz {
    private AllowListFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        var written = new String(bytes, UTF_8);
        var read = AllowList.parse(written);
        if (!read.problems().isEmpty()) {
            return;
        }
        var again = AllowList.parse(read.toString());
        if (!again.problems().isEmpty() || !again.entries().equals(read.entries())) {
            throw new AssertionError(read.entries() + " reads as " + again);
        }
        if (read.entries().stream().anyMatch(entry -> entry.endsWith("/0")) && !written.contains("/0")) {
            throw new AssertionError("all addresses, out of " + written);
        }
    }
}
