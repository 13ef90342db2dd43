package dev.patchbay.web.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The runs that show the JVM which classes the daemon needs at its start, and which of its code is hot then, for the class
 * cache of the distribution: serves in a temporary folder, answers a few requests of its own, starts many plugins, leaves
 * them running, takes them over and stops them. Needs neither root nor a runtime ({@link TrainingPrograms}). The build
 * calls it.
 *
 * <p>It must not read or hash more than little: what is compiled here, by the quick compiler alone, is not compiled better
 * later.
 */
final class Training {
    private static final String ID = "training";
    private static final String CONFIG = """
            {"description": "training", "entrypoint": ["/none"], "env": [{"name": "A", "settable": ["value"], "value": "1"}],
             "interface": {"types": ["docker.dummy/1.0"], "socket": "%s"}, "network": {"type": ""}}
            """.formatted(TrainingPrograms.SOCKET);
    private static final String LIVE_RESTORE = "--live-restore";
    private static final int COPIES = 150;
    private static final int ID_BYTES = 32;
    private static final long PAUSE_MILLIS = 50;
    private static final long PATIENCE_SECONDS = 120;
    private static final byte[] NOTHING = {};

    private final Path folder;
    private final TrainingPrograms programs;

    private Training(Path folder, TrainingPrograms programs) {
        this.folder = folder;
        this.programs = programs;
    }

    /** Trains and ends the process, with 0 if the daemon served and stopped each time. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = newFolder();
        ExitCode exit;
        try (var programs = TrainingPrograms.in(folder)) {
            exit = new Training(folder, programs).run();
        } finally {
            remove(folder);
        }
        System.exit(exit.number());
    }

    private ExitCode run() throws IOException, InterruptedException {
        ExitCode first = round(this::requests);
        if (first != ExitCode.OK) {
            return first;
        }
        copyPlugin();
        for (List<String> flags : List.of(List.of(LIVE_RESTORE), List.of(LIVE_RESTORE), List.<String>of())) {
            ExitCode next = round(this::awaitReady, flags.toArray(String[]::new));
            if (next != ExitCode.OK) {
                return next;
            }
        }
        return ExitCode.OK;
    }

    /** What is done while the daemon serves. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private ExitCode round(Work work, String... flags) throws IOException, InterruptedException {
        var exit = new AtomicReference<>(ExitCode.FAILURE);
        var ready = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        Thread daemon = Thread.ofPlatform().name("main").start(() -> {
            try {
                exit.set(serve(ready, done, flags));
            } finally {
                ready.countDown(); // also when it never was
            }
        });
        try {
            ready.await();
            work.run();
        } finally {
            done.countDown();
            daemon.join();
        }
        return exit.get();
    }

    private ExitCode serve(CountDownLatch ready, CountDownLatch done, String... flags) {
        var surroundings = new Surroundings(readyLine(ready), Surroundings.ofThisProcess().err(), true, ID,
                () -> {
                    OsSignal.takeOver(); // for its classes
                    return () -> {
                        done.await();
                        return OsSignal.TERM;
                    };
                });
        var line = new ArrayList<>(List.of("serve", "--root", root().toString(), "--exec-root",
                programs.execRoot().toString(), "--host", "unix://" + socket(), "--log-level", "info",
                "--conmon", programs.conmon().toString(), "--default-runtime", ID, "--add-runtime",
                ID + "=" + programs.runtime()));
        line.addAll(List.of(flags));
        return new Patchbay(surroundings).run(line.toArray(String[]::new));
    }

    private static PrintStream readyLine(CountDownLatch ready) {
        return new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                ready.countDown();
            }
        };
    }

    private Path root() {
        return folder.resolve("r");
    }

    private Path socket() {
        return folder.resolve("s");
    }

    /** Copies the plugin that there is on disk, which reads and hashes nothing in this process. */
    private void copyPlugin() throws IOException {
        Path original;
        try (var folders = Files.list(root())) {
            original = folders.filter(folder -> Files.exists(folder.resolve("config.json")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the plugin was not created"));
        }
        String id = original.getFileName().toString();
        var random = new SecureRandom();
        for (int i = 0; i < COPIES; i++) {
            byte[] bytes = new byte[ID_BYTES];
            random.nextBytes(bytes);
            String copyId = HexFormat.of().formatHex(bytes);
            Path copy = Files.createDirectory(original.resolveSibling(copyId));
            Files.createDirectory(copy.resolve("rootfs"));
            Files.writeString(copy.resolve("config.json"), Files.readString(original.resolve("config.json"))
                    .replace(id, copyId)
                    .replace(ID + ":latest", ID + i + ":latest"));
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        var pause = new CountDownLatch(1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!request("GET", "/patchbay/v1/health", NOTHING).contains("\"ready\":true")) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the plugins do not start");
            }
            boolean _ = pause.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        String plugins = request("GET", "/patchbay/v1/plugins", NOTHING);
        if (plugins.split("\"state\":\"running\"", -1).length <= COPIES) {
            throw new IOException("not all plugins run: " + plugins);
        }
    }

    private void requests() throws IOException {
        for (String get : List.of("/_ping", "/version", "/info", "/v1.44/plugins", "/patchbay/v1/health",
                "/patchbay/v1/plugins", "/no-such-page")) {
            request("GET", get, NOTHING);
        }
        request("POST", "/v1.44/plugins/create?name=" + ID, context());
        request("POST", "/v1.44/plugins/" + ID + "/set", "[\"A=2\"]".getBytes(StandardCharsets.UTF_8));
        request("GET", "/v1.44/plugins/" + ID + "/json", NOTHING);
        request("GET", "/v1.44/plugins", NOTHING);
        request("POST", "/v1.44/plugins/" + ID + "/enable?timeout=60", NOTHING);
    }

    /** Sends a request and returns its answer, whatever it is. */
    private String request(String method, String target, byte[] body) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (body.length == 0
                        ? ""
                        : "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n")
                + "\r\n";
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            channel.write(ByteBuffer.wrap(body));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] context() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            byte[] config = CONFIG.getBytes(StandardCharsets.UTF_8);
            var entry = new TarArchiveEntry("config.json");
            entry.setSize(config.length);
            tar.putArchiveEntry(entry);
            tar.write(config);
            tar.closeArchiveEntry();
            for (String folder : List.of("rootfs/", "rootfs/etc/")) {
                tar.putArchiveEntry(new TarArchiveEntry(folder));
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** A new folder whose path is short enough for sockets below it; those of {@code createTempDirectory} vary. */
    static Path newFolder() throws IOException {
        String name = "pbd" + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
        return Files.createDirectory(
                Path.of("/tmp", name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Removes a folder with all that is in it. */
    static void remove(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
