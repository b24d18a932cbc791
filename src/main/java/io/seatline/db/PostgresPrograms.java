package io.seatline.db;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs: unpacked once, from the archive that comes with Seatline, and run. */
final class PostgresPrograms {
    private static final long RUN_LIMIT_SECONDS = 120;

    private final Path home;

    private PostgresPrograms(Path home) {
        this.home = home;
    }

    /** Unpacks them into a folder of their own below {@code directory}, unless they are there. */
    static PostgresPrograms unpacked(Path directory) throws IOException {
        var archive = archive();
        var home = directory.resolve("%08x".formatted(checksum(archive)));
        if (!Files.isDirectory(home)) {
            if (!Files.exists(directory)) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            deleteEarlier(directory);
            var half = Files.createTempDirectory(directory, "half-");
            try {
                unpack(archive, half);
                Files.move(half, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | RuntimeException e) {
                // such as a full disk, which it must not keep full
                delete(half);
                throw e;
            }
        }
        return new PostgresPrograms(home);
    }

    /** Those of an earlier Seatline, and what it did not get to unpack. */
    private static void deleteEarlier(Path directory) throws IOException {
        try (var folders = Files.list(directory)) {
            for (var folder : folders.toList()) {
                delete(folder);
            }
        }
    }

    private static URL archive() throws IOException {
        var machine = switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> throw new IOException("there is none for this machine (" + System.getProperty("os.arch") + ")");
        };
        var archive = PostgresPrograms.class.getResource("/postgres-linux-" + machine + ".txz");
        if (archive == null) {
            throw new IOException("this build of Seatline has none for this machine (" + machine + ")");
        }
        return archive;
    }

    private static long checksum(URL archive) throws IOException {
        return ((JarURLConnection) archive.openConnection()).getJarEntry().getCrc();
    }

    private static void unpack(URL archive, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive.openStream())))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var file = target.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, file);
                    var isProgram = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(isProgram ? "rwx------" : "rw-------"));
                }
            }
        }
    }

    /** Deletes a folder and what is in it, if it is there. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The major version, such as 18. */
    int majorVersion() throws IOException {
        return Integer.parseInt(run("postgres", "--version").replaceFirst("(?s).*\\) (\\d+).*", "$1"));
    }

    /** A program, ready to be started. PostgreSQL refuses to run as root, who runs it as nobody in particular. */
    ProcessBuilder program(String name, String... arguments) {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(home.resolve("bin").resolve(name).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).directory(home.toFile());
    }

    /**
     * Runs a program to its end.
     *
     * @return what it wrote
     * @throws ProgramFailure with that, when it fails
     */
    String run(String name, String... arguments) throws IOException {
        return runWith("", name, arguments);
    }

    /** As above, with something to read. */
    String runWith(String input, String name, String... arguments) throws IOException {
        var output = Files.createTempFile("seatline", ".out");
        try {
            var process = program(name, arguments)
                    .redirectOutput(Redirect.to(output.toFile()))
                    .start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var ended = process.waitFor(RUN_LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            var text = Files.readString(output);
            if (!ended || process.exitValue() != 0) {
                throw new ProgramFailure(name + (ended ? " failed" : " did not end"), text);
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.delete(output);
        }
    }
}
