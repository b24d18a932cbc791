package io.seatline.account.foreign;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The text of one of Asterisk's configuration files, of which each section has the settings of the sections it inherits
 * from, and then its own. Asterisk takes no notice of a line that it can't read, or of the whole file; here it is a
 * problem.
 */
final class AsteriskConfig {
    private static final Pattern INCLUSION =
            Pattern.compile("#(?:include|tryinclude|exec)\\s+\\S+", Pattern.CASE_INSENSITIVE);

    /** Names of all settings that there are, and of parts of them, as in pjsip_wizard.conf. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@/.-]+");

    private final Findings findings;
    private final List<Section> sections = new ArrayList<>();
    private Optional<Section> current = Optional.empty();
    private boolean skipping;
    private int comments;

    /** A line of a section. */
    record Setting(String name, String value) {}

    /** A section; there may be several of a name. */
    static final class Section {
        private final String name;
        private final long line;
        private final List<Setting> settings = new ArrayList<>();
        private boolean template;

        private Section(String name, long line) {
            this.name = name;
            this.line = line;
        }

        String name() {
            return name;
        }

        long line() {
            return line;
        }

        List<Setting> settings() {
            return settings;
        }

        /** What a setting is in the end: the last one counts. Empty where there is none. */
        String last(String setting) {
            return settings.reversed().stream()
                    .filter(one -> one.name().equals(setting))
                    .map(Setting::value)
                    .findFirst()
                    .orElse("");
        }
    }

    private AsteriskConfig(Findings findings) {
        this.findings = findings;
    }

    /** The sections in their order, without those that are only inherited from. */
    static List<Section> read(String text, Findings findings) {
        var config = new AsteriskConfig(findings);
        var number = 0L;
        for (var line : text.split("\r\n|\n|\r", -1)) {
            number++;
            var told = config.withoutComments(line).strip();
            if (!told.isEmpty()) {
                config.line(told, number);
            }
        }
        if (config.comments > 0) {
            findings.problem(number, "a comment that began with ;-- does not end: --; is missing");
        }
        return config.sections.stream().filter(section -> !section.template).toList();
    }

    /**
     * Takes away what stands behind a semicolon, or between {@code ;--} and {@code --;}, which may be lines and within
     * each other.
     */
    private String withoutComments(String line) {
        var told = new StringBuilder();
        var from = 0;
        for (var at = line.indexOf(';'); at >= 0; at = line.indexOf(';', at + 1)) {
            if (at > 0 && line.charAt(at - 1) == '\\') {
                if (comments == 0) {
                    told.append(line, from, at - 1);
                    from = at;
                }
            } else if (line.startsWith(";--", at) && !line.startsWith(";---", at)) {
                if (comments++ == 0) {
                    told.append(line, from, at);
                }
                at += 2;
                from = at + 1;
            } else if (comments > 0) {
                if (at - 2 >= from && line.startsWith("--", at - 2)) {
                    comments--;
                    from = at + 1;
                }
            } else {
                return told.append(line, from, at).toString();
            }
        }
        return comments > 0
                ? told.toString()
                : told.append(line, from, line.length()).toString();
    }

    private void line(String line, long number) {
        if (line.startsWith("[")) {
            skipping = true;
            header(line, number);
        } else if (line.startsWith("#")) {
            directive(line, number);
        } else if (!skipping) {
            current.ifPresentOrElse(
                    section -> setting(section, line, number),
                    () -> findings.problem(number, "this stands before the first [section]"));
        }
    }

    private void directive(String line, long number) {
        var directive = INCLUSION.matcher(line);
        if (directive.matches()) {
            findings.remark(number, null, directive.group(), "is not followed: join the files, such as with cat");
        } else {
            findings.problem(number, "this is no #include: comments begin with a semicolon");
        }
    }

    private void header(String line, long number) {
        var end = line.indexOf(']');
        if (end < 0) {
            findings.problem(number, "the ] of the section's name is missing");
            return;
        }
        var section = new Section(line.substring(1, end), number);
        var options = "";
        if (line.startsWith("(", end + 1)) {
            var close = line.indexOf(')', end);
            if (close < 0) {
                findings.problem(number, "the ) behind [" + section.name + "] is missing");
                return;
            }
            options = line.substring(end + 2, close);
        }
        for (var option : options.split(",", -1)) {
            if (option.equals("!")) {
                section.template = true;
            } else if (option.startsWith("+")) {
                var extended = find(section.name, option.substring(1));
                if (extended.isEmpty()) {
                    findings.problem(number, "there is no section [" + section.name + "] before this to add to");
                    return;
                }
                extended.get().settings.addAll(section.settings);
                extended.get().template |= section.template;
                section = extended.get();
            } else if (!option.isEmpty()) {
                var base = find(option, "");
                if (base.isEmpty()) {
                    findings.problem(number, "there is no section [" + option + "] before this to inherit from");
                    return;
                }
                section.settings.addAll(List.copyOf(base.get().settings));
            }
        }
        if (section.line == number) {
            sections.add(section);
        }
        current = Optional.of(section);
        skipping = false;
    }

    /** The first section of a name, with all settings that are asked for, such as {@code type=auth&username=101}. */
    private Optional<Section> find(String name, String settings) {
        return sections.stream()
                .filter(section -> section.name.equals(name))
                .filter(section -> settings.isEmpty()
                        || List.of(settings.split("&", -1)).stream()
                                .allMatch(wanted -> section.settings.stream()
                                        .anyMatch(one -> (one.name + "=" + one.value).equals(wanted))))
                .findFirst();
    }

    private void setting(Section section, String line, long number) {
        var equals = line.indexOf('=');
        if (equals < 0) {
            findings.problem(number, "this is no setting: there is no = in it");
            return;
        }
        var appended = equals > 0 && line.charAt(equals - 1) == '+';
        var name = line.substring(0, appended ? equals - 1 : equals).strip();
        var value = line.substring(line.startsWith(">", equals + 1) && !appended ? equals + 2 : equals + 1);
        if (!NAME.matcher(name).matches()) {
            findings.problem(number, "this is no setting: there is no name before its =");
            return;
        }
        if (appended) {
            for (var i = section.settings.size() - 1; i >= 0; i--) {
                if (section.settings.get(i).name.equals(name)) {
                    section.settings.set(i, new Setting(name, (section.settings.get(i).value + value).strip()));
                    return;
                }
            }
        }
        section.settings.add(new Setting(name, value.strip()));
    }
}
