package dev.patchbay.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A server on a unix socket with a short path, for one test. */
public final class TestServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final PluginServer server;

    private TestServer(Path folder, PluginServer server) {
        this.folder = folder;
        this.server = server;
    }

    /** Starts one with defaults. */
    public static TestServer start(List<Route> routes) {
        return start(routes, _ -> {});
    }

    /** Starts one with other limits. */
    public static TestServer start(List<Route> routes, Consumer<ServerConfig.Builder> changes) {
        try {
            Path folder = Files.createTempDirectory(Path.of("/tmp"), "pb");
            var config = ServerConfig.of(
                    List.of(new ListenAddress.Unix(folder.resolve("s"), Optional.empty())), changes);
            return new TestServer(folder, bind(config, routes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Binds or fails. */
    public static PluginServer bind(ServerConfig config, List<Route> routes) {
        return PluginServer.bind(config, new RouteTable(routes)).blockOptional(PATIENCE).orElseThrow();
    }

    /** Where it listens. */
    public Path socket() {
        return folder.resolve("s");
    }

    /** The server. */
    public PluginServer server() {
        return server;
    }

    /** Sends a request without a body and reads the answer. */
    public String get(String target) throws IOException {
        return send("GET", target);
    }

    /** Sends a request without a body and reads the answer. */
    public String send(String method, String target, String... headers) throws IOException {
        var text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: d\r\nConnection: close\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return RawClient.exchange(socket(), text + "\r\n");
    }

    @Override
    public void close() {
        server.close().block(PATIENCE);
        try {
            Files.deleteIfExists(socket());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
