package io.seatline.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A small disk in memory, for programs that are started on it and for nobody else: it is mounted in a namespace of its
 * own, and gone with the last process in there, however the test ends.
 */
public final class SmallDisk implements AutoCloseable {
    private final Path directory;
    private final Process holder;

    private SmallDisk(Path directory, Process holder) {
        this.directory = directory;
        this.holder = holder;
    }

    /** Mounts one of some kilobytes at a directory. Where that is not allowed, the test is skipped. */
    public static SmallDisk mount(Path directory, int kilobytes) {
        try {
            var holder = new ProcessBuilder(
                            "unshare",
                            "--mount",
                            "sh",
                            "-c",
                            "mount -t tmpfs -o size=" + kilobytes + "k tmpfs \"$0\" && echo mounted && read -r _",
                            directory.toString())
                    .redirectErrorStream(true)
                    .start();
            var said = new BufferedReader(new InputStreamReader(holder.getInputStream(), UTF_8)).readLine();
            Assumptions.assumeTrue(
                    "mounted".equals(said), "A disk of its own can't be mounted here, which takes root: " + said);
            return new SmallDisk(directory, holder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has a program started where the disk is seen. */
    public ProcessBuilder under(ProcessBuilder program) {
        program.command().addAll(0, List.of("nsenter", "--mount", "--target", Long.toString(holder.pid())));
        return program;
    }

    /** What programs on the disk know as a file in its directory, for the test, which is elsewhere. */
    public Path path(String name) {
        return Path.of("/proc", Long.toString(holder.pid()), "root")
                .resolve(Path.of("/").relativize(directory.toAbsolutePath()))
                .resolve(name);
    }

    /** Leaves no room at all. */
    public void fill() {
        try (var file = FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (var size = 1 << 20; size > 0; size /= 2) {
                while (takes(file, size)) {
                    // on to the next
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean takes(FileChannel file, int size) {
        try {
            return file.write(ByteBuffer.allocate(size)) == size;
        } catch (IOException e) {
            return false;
        }
    }

    /** Gives the room back that {@link #fill} took. */
    public void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return path("filler");
    }

    /** Makes it larger. */
    public void resize(int kilobytes) throws IOException, InterruptedException {
        var resize = under(new ProcessBuilder("mount", "-o", "remount,size=" + kilobytes + "k", directory.toString()))
                .redirectErrorStream(true)
                .start();
        var said = new String(resize.getInputStream().readAllBytes(), UTF_8);
        assertThat(resize.waitFor()).as(said).isZero();
    }

    @Override
    public void close() {
        holder.descendants().forEach(ProcessHandle::destroyForcibly);
        holder.destroyForcibly();
    }
}
