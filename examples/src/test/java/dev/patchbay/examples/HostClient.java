package dev.patchbay.examples;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Speaks to a host as its users do: over HTTP, with the JDK's client, which knows nothing of Reactor. */
public final class HostClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;

    /** Of a host that listens on this port. */
    public HostClient(int port) {
        base = URI.create("http://127.0.0.1:" + port);
    }

    /** An answer. */
    public record Answer(int status, String body) {}

    /** Sends text. */
    public Answer post(String path, String type, String body) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    /** Asks for something. */
    public Answer get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path));
    }

    /** Listens to server-sent events, and returns when the stream has begun. */
    public Listening listen(String path, String... headers) throws InterruptedException {
        var request = request(path).header("Accept", "text/event-stream");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        var listening = new Listening();
        listening.end = http.sendAsync(request.build(), BodyHandlers.ofLines())
                .thenAccept(response -> response.body().forEach(listening.lines::add));
        listening.await(":");
        return listening;
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    /** Lines of a stream of events. */
    public static final class Listening {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private CompletableFuture<Void> end = new CompletableFuture<>();

        /** The next line that begins so; those before it are passed over. */
        public String await(String beginning) throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            var passed = new StringBuilder();
            for (;;) {
                String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new AssertionError("no line begins with " + beginning + " among:\n" + passed);
                }
                if (line.startsWith(beginning)) {
                    return line;
                }
                passed.append(line).append('\n');
            }
        }

        /** Waits until the host has ended the stream; fails if it broke off. */
        public void awaitEnd() throws Exception {
            end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
