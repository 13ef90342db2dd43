package dev.patchbay.registry;

import dev.patchbay.testing.FileTrees;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real registry: the program {@code docker-registry} (distribution 2.8) on a free port of loopback, with its content in
 * a folder of its own. Closing stops it and removes the folder.
 *
 * <p>Blocking; for one thread at a time. Tests take it through {@link RealRegistry}.
 */
public final class RegistryProcess implements AutoCloseable {
    private static final String PROGRAM = "docker-registry";
    private static final long STOP_SECONDS = 20;
    private static final String MARK = "/v2/?patchbay-mark=";
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:([0-9]+)");

    private final Path folder;
    private final Process process;
    private final RegistryLog log;
    private final int port;
    private final AtomicInteger marks = new AtomicInteger();

    private RegistryProcess(Path folder, Process process, RegistryLog log, int port) {
        this.folder = folder;
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** A request that came, as the registry's access log tells it. */
    public record Request(String method, String target, int status) {}

    /** Where the program is; empty if it is not installed. */
    public static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        return Stream.of(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one and returns when it answers.
     *
     * @param login the only user that it lets in; empty lets everybody in
     */
    public static RegistryProcess start(Optional<Credentials.Password> login) throws IOException {
        Path program = program().orElseThrow(() -> new IOException(PROGRAM + " is not installed"));
        Path folder = Files.createTempDirectory("patchbay-registry");
        try {
            return start(program, folder, login);
        } catch (IOException | RuntimeException e) {
            FileTrees.remove(folder);
            throw e;
        }
    }

    private static RegistryProcess start(Path program, Path folder, Optional<Credentials.Password> login)
            throws IOException {
        Path config = Files.writeString(folder.resolve("config.yml"), config(folder, login));
        var builder = new ProcessBuilder(program.toString(), "serve", config.toString())
                .redirectErrorStream(true);
        builder.environment().clear(); // REGISTRY_... would override the file
        Process process = builder.start();
        var log = RegistryLog.of(process.getInputStream());
        try {
            Matcher listening = LISTENING.matcher(log.await(LISTENING.asPredicate()));
            var _ = listening.find();
            var registry = new RegistryProcess(folder, process, log, Integer.parseInt(listening.group(1)));
            registry.mark(); // it listens before it says so, and answers once it serves
            return registry;
        } catch (IOException | RuntimeException e) {
            stop(process, log);
            throw e;
        }
    }

    private static String config(Path folder, Optional<Credentials.Password> login) throws IOException {
        String text = """
                version: 0.1
                log: {level: info, formatter: text}
                storage:
                  filesystem: {rootdirectory: '%s/content'}
                  delete: {enabled: true}
                http: {addr: '127.0.0.1:0'}
                """.formatted(folder);
        if (login.isEmpty()) {
            return text;
        }
        Path users = Files.write(folder.resolve("htpasswd"), htpasswd(login.get()));
        return text + "auth: {htpasswd: {realm: patchbay, path: '" + users + "'}}\n";
    }

    /** The registry takes bcrypt only. */
    private static byte[] htpasswd(Credentials.Password login) throws IOException {
        Process process = new ProcessBuilder("htpasswd", "-niB", login.username())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = process.getOutputStream()) {
            in.write(login.password().getBytes(StandardCharsets.UTF_8));
        }
        return process.getInputStream().readAllBytes();
    }

    /** Its host and port, as references begin with it. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Where it keeps blobs and manifests, in the layout of distribution's filesystem driver. */
    public Path content() {
        return folder.resolve("content");
    }

    /** The requests that have been answered so far, oldest first. */
    public List<Request> requests() {
        try {
            mark();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return log.requests().filter(request -> !request.target().startsWith(MARK)).toList();
    }

    /** The requests that are answered while something is done, oldest first. */
    public List<Request> requestsDuring(Runnable work) {
        int before = requests().size();
        work.run();
        List<Request> all = requests();
        return all.subList(before, all.size());
    }

    /** Sends a request that can be told from others and waits until the log shows it: what came before is there too. */
    private void mark() throws IOException {
        String target = MARK + marks.incrementAndGet();
        try (var socket = new Socket(InetAddress.getByAddress(new byte[]{127, 0, 0, 1}), port)) {
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            var _ = socket.getInputStream().readAllBytes();
        }
        var _ = log.await(line -> line.contains("\"GET " + target + " "));
    }

    @Override
    public void close() throws IOException {
        try {
            stop(process, log);
        } finally {
            FileTrees.remove(folder);
        }
    }

    private static void stop(Process process, RegistryLog log) throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            log.awaitEnd();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted while " + PROGRAM + " stops", e);
        }
    }
}
