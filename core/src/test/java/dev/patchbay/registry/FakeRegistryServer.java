package dev.patchbay.registry;

import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * A little registry on a free port of loopback that really works: manifests, blobs with ranges, uploads, mounts, Basic
 * authentication and tokens; and that can be told to do things wrong. Everything is in memory. Must be closed.
 */
public final class FakeRegistryServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeContent content = new FakeContent();
    private final FakeAuthority authority = new FakeAuthority();
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Seen> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger breaks = new AtomicInteger();
    private final boolean encrypted;
    private volatile int breakAfter;
    private final LoopResources loops = LoopResources.create("fake-registry", 1, true);
    private final DisposableServer server;

    private FakeRegistryServer(Optional<SslContext> tls) {
        this.encrypted = tls.isPresent();
        HttpServer plain = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(loops)
                .doOnConnection(connection -> {
                    count(1);
                    connection.channel().closeFuture().addListener(_ -> count(-1));
                })
                .handle(this::handle);
        this.server = tls.map(context -> plain.secure(spec -> spec.sslContext(context)))
                .orElse(plain)
                .bindNow(PATIENCE);
    }

    private record Rule(Pattern which, ConcurrentLinkedDeque<Fault> faults, boolean forEver) {
        Optional<Fault> take() {
            return Optional.ofNullable(forEver ? faults.peek() : faults.poll());
        }
    }

    /** Starts one that speaks plain HTTP. */
    public static FakeRegistryServer start() {
        return new FakeRegistryServer(Optional.empty());
    }

    /** Starts one that speaks TLS. */
    public static FakeRegistryServer start(SslContext tls) {
        return new FakeRegistryServer(Optional.of(tls));
    }

    /** {@code 127.0.0.1:port}, the domain in references. */
    public String host() {
        return "127.0.0.1:" + port();
    }

    /** Where it listens. */
    public int port() {
        return ((InetSocketAddress) server.address()).getPort();
    }

    /** Scheme, host and port. */
    public String origin() {
        return (encrypted ? "https://" : "http://") + host();
    }

    /** A reference to something in it: {@code path[:tag][@digest]}. */
    public Reference reference(String rest) {
        return Reference.parse(host() + "/" + rest);
    }

    /** Has a blob from now on. */
    public Digest putBlob(String repository, byte[] bytes) {
        return content.putBlob(repository, bytes);
    }

    /** Has a manifest from now on, under a tag and its digest. */
    public Digest putManifest(String repository, String tag, String mediaType, byte[] bytes) {
        return content.putManifest(repository, tag, mediaType, bytes);
    }

    /** A blob that it has. */
    public Optional<byte[]> blob(String repository, Digest digest) {
        return content.blob(repository, digest);
    }

    /** A manifest that it has, by tag or digest. */
    public Optional<byte[]> manifest(String repository, String named) {
        return content.manifest(repository, named);
    }

    /** Wants Basic authentication from now on. */
    public void requireBasic(String user, String password) {
        authority.require(FakeAuthority.Mode.BASIC, user, password);
    }

    /** Wants tokens from now on, which its token service gives to this user, to everybody if the name is empty. */
    public void requireToken(String user, String password) {
        authority.require(FakeAuthority.Mode.TOKEN, user, password);
    }

    /** What it knows about whom to let in. */
    FakeAuthority authority() {
        return authority;
    }

    /**
     * Does these things wrong, one for each request whose method, blank, path and query match; then all is well.
     *
     * @param which a regular expression that is looked for, such as {@code "GET .+blobs/"}
     */
    public void fail(String which, Fault... faults) {
        rules.add(new Rule(Pattern.compile(which), new ConcurrentLinkedDeque<>(List.of(faults)), false));
    }

    /** Does this wrong each time. */
    public void failAlways(String which, Fault fault) {
        rules.add(new Rule(Pattern.compile(which), new ConcurrentLinkedDeque<>(List.of(fault)), true));
    }

    /** Does nothing wrong any more. */
    public void behave() {
        rules.clear();
    }

    /** All requests so far, refused ones too, in the order in which they came. */
    public List<Seen> requests() {
        return new ArrayList<>(requests);
    }

    /** How many connections are open now; idle ones that a client keeps are among them. */
    public int openConnections() {
        return connections.get();
    }

    /** Waits until no connection is open; answers whether that came to pass. */
    boolean isLeftAlone() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (connections) {
            while (connections.get() > 0 && System.nanoTime() < deadline) {
                connections.wait(PATIENCE.toMillis());
            }
            return connections.get() == 0;
        }
    }

    private void count(int change) {
        synchronized (connections) {
            connections.addAndGet(change);
            connections.notifyAll();
        }
    }

    /** Closes the connection of the next uploads after so many bytes, which count as received. */
    public void breakUploads(int times, int afterBytes) {
        breakAfter = afterBytes;
        breaks.set(times);
    }

    private Publisher<Void> receivePart(HttpServerRequest request, HttpServerResponse response) {
        var part = new ByteArrayOutputStream();
        return request.receive()
                .asByteArray()
                .doOnNext(part::writeBytes)
                .takeUntil(_ -> part.size() >= breakAfter)
                .then(Mono.fromRunnable(() -> {
                    content.receivedPart(request.uri().replaceFirst("\\?.*$", ""),
                            Arrays.copyOf(part.toByteArray(), Math.min(part.size(), breakAfter)));
                    response.withConnection(connection -> {
                        var _ = connection.channel().close();
                    });
                }));
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        boolean uploads = request.uri().contains("/uploads/") && !request.method().name().equals("GET")
                && !request.method().name().equals("POST");
        if (uploads && breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return receivePart(request, response);
        }
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(body -> Mono.from(answer(seen(request, body), response)));
    }

    private Publisher<Void> answer(Seen seen, HttpServerResponse response) {
        requests.add(seen);

        for (Rule rule : rules) {
            Optional<Fault> fault = rule.which().matcher(seen.toString()).find()
                    ? rule.take()
                    : Optional.empty();
            if (fault.isPresent()) {
                return fault.get().answer(response, () -> right(seen));
            }
        }
        return right(seen).send(response);
    }

    private Reply right(Seen seen) {
        Reply right = seen.path().equals("/token")
                ? authority.token(seen)
                : authority.refusal(seen, origin()).orElseGet(() -> content.answer(seen));
        return seen.method().equals("HEAD") ? right.silently() : right;
    }

    private static Seen seen(HttpServerRequest request, byte[] body) {
        Map<String, List<String>> headers = new HashMap<>();
        request.requestHeaders()
                .forEach(header -> headers
                        .computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                        .add(header.getValue()));
        return new Seen(request.method().name(), request.uri(), headers, body);
    }

    @Override
    public void close() {
        server.disposeNow(PATIENCE);
        loops.disposeLater(Duration.ZERO, PATIENCE).block(PATIENCE);
    }
}
