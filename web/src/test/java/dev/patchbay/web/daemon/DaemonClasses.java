package dev.patchbay.web.daemon;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What the daemons of tests are started from: the classes of this test run in jars, and a class cache (JEP 514) of them, with
 * which each of hundreds of starts costs a third. Made once, by the first test process that starts a daemon; others wait for
 * it. Where none can be made daemons start without one.
 */
final class DaemonClasses {
    /** What each of them is started with; a cache is bound to it. */
    private static final List<String> OPTIONS = List.of("--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-XX:TieredStopAtLevel=1");

    private static final Path FOLDER = Path.of("target", "daemon-classes").toAbsolutePath();
    private static final int PATIENCE_SECONDS = 120;
    private static final int PAUSE_MILLIS = 50;
    private static final List<String> COMMAND = prepared();

    private DaemonClasses() {}

    /** Java with its options, up to the main class, which is {@link Patchbay}. */
    static List<String> command() {
        return COMMAND;
    }

    private static List<String> prepared() {
        List<Path> entries = entries();
        try {
            Files.createDirectories(FOLDER);
            try (var channel = FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                return cached(entries);
            }
        } catch (IOException e) {
            return command(List.of(), entries.stream().map(Path::toString).toList());
        }
    }

    /** The class path of this test run without what only tests have: two configurations of Logback among it. */
    private static List<Path> entries() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(":"))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar"))
                .map(Path::of)
                .filter(Files::exists)
                .toList();
    }

    private static List<String> cached(List<Path> entries) throws IOException {
        Path made = FOLDER.resolve(Long.toHexString(checksum(entries)));
        if (!Files.exists(made)) {
            deleteOthers();
            Path unfinished = Files.createDirectory(FOLDER.resolve("unfinished"));
            pack(entries, unfinished);
            Files.move(unfinished, made);
        }
        List<String> jars = jars(made, entries);
        Path cache = made.resolve("daemon.aot");
        if (!Files.exists(cache)) {
            train(made, cache, jars);
        }
        return command(Files.exists(cache)
                ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off,cds=off")
                : List.of(), jars);
    }

    private static List<String> command(List<String> more, List<String> jars) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(OPTIONS);
        command.addAll(more);
        command.addAll(List.of("-cp", String.join(":", jars), Patchbay.class.getName()));
        return List.copyOf(command);
    }

    /** By names, sizes and times of all files. */
    private static long checksum(List<Path> entries) throws IOException {
        var sum = new CRC32();
        sum.update((System.getProperty("java.home") + System.getProperty("java.vm.version") + OPTIONS)
                .getBytes(StandardCharsets.UTF_8));
        for (Path entry : entries) {
            try (Stream<Path> files = Files.walk(entry)) {
                for (Path file : files.sorted().toList()) {
                    sum.update((file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file))
                            .getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return sum.getValue();
    }

    private static void deleteOthers() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.sorted(Comparator.reverseOrder())
                    .filter(it -> !it.equals(FOLDER) && !it.endsWith("lock"))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<String> jars(Path made, List<Path> entries) {
        var jars = new ArrayList<String>();
        for (Path entry : entries) {
            jars.add(Files.isDirectory(entry)
                    ? made.resolve(jars.size() + ".jar").toString()
                    : entry.toString());
        }
        return jars;
    }

    /** A cache knows jars only. */
    private static void pack(List<Path> entries, Path made) throws IOException {
        List<String> jars = jars(made, entries);
        for (int i = 0; i < entries.size(); i++) {
            if (Files.isDirectory(entries.get(i))) {
                pack(entries.get(i), Files.newOutputStream(Path.of(jars.get(i))));
            }
        }
    }

    private static void pack(Path classes, OutputStream to) throws IOException {
        try (var jar = new ZipOutputStream(to); Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(it -> Files.isRegularFile(it, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                jar.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
    }

    /** A daemon serves, answers, and ends, after which its cache is made. No test waits for that longer than for others. */
    private static void train(Path made, Path cache, List<String> jars) throws IOException {
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "pbt");
        Path unfinished = made.resolve("unfinished.aot");
        Files.deleteIfExists(unfinished);
        var command = new ArrayList<>(command(List.of("-XX:AOTCacheOutput=" + unfinished), jars));
        command.add("serve");
        command.addAll(DaemonProcess.places(folder));
        Path log = made.resolve("training.log");
        Process daemon = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            daemon.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(_ -> end(daemon));
            if (serves(daemon, log)) {
                for (String target : List.of("/_ping", "/v1.44/plugins", "/patchbay/v1/health",
                        "/v1.44/info")) {
                    ask(folder, target);
                }
            }
            daemon.destroy();
            daemon.onExit().join();
            if (daemon.exitValue() == 0) {
                Files.move(unfinished, cache);
            }
        } finally {
            end(daemon).onExit().join();
            delete(folder);
        }
    }

    private static Process end(Process daemon) {
        daemon.descendants().forEach(ProcessHandle::destroyForcibly);
        return daemon.destroyForcibly();
    }

    private static boolean serves(Process daemon, Path log) throws IOException {
        while (daemon.isAlive()) {
            if (Files.readString(log).lines().anyMatch(line -> line.startsWith("ready "))) {
                return true;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        }
        return false;
    }

    private static void ask(Path folder, String target) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("s")));
            channel.write(ByteBuffer
                    .wrap(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII)));
            Channels.newInputStream(channel).readAllBytes();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
