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
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The run that shows the JVM which classes the daemon needs, for the class cache of the distribution: serves in a
 * temporary folder, answers a few requests of its own and stops. Needs neither root nor a runtime. The build calls it.
 */
final class Training {
    private static final String ID = "training";
    private static final String CONFIG = """
            {"description": "training", "entrypoint": ["/none"], "env": [{"name": "A", "settable": ["value"], "value": "1"}],
             "interface": {"types": ["docker.dummy/1.0"], "socket": "t.sock"}, "network": {"type": ""}}
            """;

    private final Path folder;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    private Training(Path folder) {
        this.folder = folder;
    }

    /** Trains and ends the process, with 0 if the daemon served and stopped. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = newFolder();
        ExitCode exit;
        try {
            exit = new Training(folder).run();
        } finally {
            remove(folder);
        }
        System.exit(exit.number());
    }

    private ExitCode run() throws IOException, InterruptedException {
        var exit = new AtomicReference<>(ExitCode.FAILURE);
        Thread daemon = Thread.ofPlatform().name("main").start(() -> exit.set(serve()));
        try {
            ready.await();
            requests();
        } finally {
            done.countDown();
            daemon.join();
        }
        return exit.get();
    }

    private ExitCode serve() {
        var surroundings = new Surroundings(readyLine(), Surroundings.ofThisProcess().err(), true, ID, () -> {
            OsSignal.takeOver(); // for its classes
            return () -> {
                done.await();
                return OsSignal.TERM;
            };
        });
        try {
            return serve(surroundings);
        } finally {
            ready.countDown(); // also when it never was
        }
    }

    private ExitCode serve(Surroundings surroundings) {
        return new Patchbay(surroundings).run(
                "serve", "--root", folder + "/r", "--exec-root", folder + "/x", "--host",
                "unix://" + socket(),
                "--log-level", "error");
    }

    private PrintStream readyLine() {
        return new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                ready.countDown();
            }
        };
    }

    private Path socket() {
        return folder.resolve("s");
    }

    private void requests() throws IOException {
        byte[] none = {};
        for (String get : List.of("/_ping", "/version", "/info", "/v1.44/plugins", "/patchbay/v1/health",
                "/patchbay/v1/plugins", "/no-such-page")) {
            request("GET", get, none);
        }
        request("POST", "/v1.44/plugins/create?name=" + ID, context());
        request("POST", "/v1.44/plugins/" + ID + "/set", "[\"A=2\"]".getBytes(StandardCharsets.UTF_8));
        request("GET", "/v1.44/plugins/" + ID + "/json", none);
        request("GET", "/v1.44/plugins", none);
        request("DELETE", "/v1.44/plugins/" + ID, none);
    }

    /** Sends a request and reads its answer, whatever it is: without root some cannot succeed. */
    private void request(String method, String target, byte[] body) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (body.length == 0
                        ? ""
                        : "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n")
                + "\r\n";
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            channel.write(ByteBuffer.wrap(body));
            Channels.newInputStream(channel).readAllBytes();
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
