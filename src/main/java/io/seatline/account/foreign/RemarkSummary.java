package io.seatline.account.foreign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Remarks as a person reads them: a line for each kind, with how many accounts it is about and the first few of them.
 */
public final class RemarkSummary {
    private static final int NAMED = 3;

    private final Map<String, Group> groups = new LinkedHashMap<>();

    private static final class Group {
        private final Set<String> settings = new LinkedHashSet<>();
        private final Set<String> accounts = new LinkedHashSet<>();

        private String line(String why) {
            var line = String.join(", ", settings) + ": " + why;
            return accounts.isEmpty()
                    ? line
                    : line + " (" + accounts.size() + ": "
                            + accounts.stream().limit(NAMED).collect(Collectors.joining(", "))
                            + (accounts.size() > NAMED ? ", …" : "") + ")";
        }
    }

    /** Takes one more. */
    public void add(Remark remark) {
        var group = groups.computeIfAbsent(remark.why(), _ -> new Group());
        group.settings.add(remark.setting());
        if (remark.account() != null) {
            group.accounts.add(remark.account());
        }
    }

    /** The lines, such as {@code voicemail: there is no voicemail here (120: 101, 102, 103, …)}. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        // what stands in a file does not control the terminal that it is shown on
        groups.forEach((why, group) -> lines.add(group.line(why).replaceAll("\\p{C}", "\uFFFD")));
        return lines;
    }
}
