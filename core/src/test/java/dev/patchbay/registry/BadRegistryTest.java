package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.image.Descriptor;
import dev.patchbay.reference.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a registry does: one clear sentence, no connection left, or the right bytes after all. */
@Timeout(60)
class BadRegistryTest {
    private static final String MANIFESTS = "GET .*/manifests/";
    private static final String BLOBS = "GET .*/blobs/";
    private static final Class<? extends Throwable> UNAVAILABLE = RegistryException.Unavailable.class;
    private static final Class<? extends Throwable> BROKEN = RegistryException.Broken.class;
    private static final Class<? extends Throwable> DENIED = RegistryException.Denied.class;

    private final RegistryWorld world = new RegistryWorld();

    @AfterEach
    void close() throws InterruptedException {
        world.close();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(MANIFESTS, Fault.hang(), UNAVAILABLE, "did not answer within 500 ms"),
                arguments(BLOBS, Fault.hang(), UNAVAILABLE, "did not answer within 500 ms"),

                arguments("POST /token", Fault.hang(), UNAVAILABLE, "did not answer within 500 ms"),
                arguments(MANIFESTS, Fault.dripHeaders(Duration.ofMillis(20)), UNAVAILABLE,
                        "did not answer within 500 ms"),
                arguments(MANIFESTS, Fault.endlessHeaders(), BROKEN, "headers that are too long"),
                arguments(MANIFESTS, Fault.garbage("What?\r\n\r\n"), BROKEN, "does not answer in HTTP"),
                arguments(MANIFESTS, Fault.close(), UNAVAILABLE, "closed the connection before it answered"),
                arguments(MANIFESTS, Fault.closeAfter(3), UNAVAILABLE, "in the middle of its answer"),
                arguments(MANIFESTS, Fault.stallAfter(3), UNAVAILABLE, "sent nothing more for too long"),
                arguments(MANIFESTS, Fault.endlessBody(), BROKEN, "answers with more than 4194304 bytes"),
                arguments("POST /token", Fault.endlessBody(), BROKEN, "answers with more than 1048576 bytes"),
                arguments(MANIFESTS, Fault.status(500), UNAVAILABLE,
                        "answers with status 500: unknown: scripted"),
                arguments(BLOBS, Fault.status(503), UNAVAILABLE, "answers with status 503"),
                arguments(MANIFESTS, Fault.status(418), BROKEN, "answers with status 418"),
                arguments(MANIFESTS, Fault.status(403), DENIED, "pull access denied"),
                arguments("POST /token", Fault.status(500), UNAVAILABLE, "answers with status 500"),
                arguments("POST /token", Fault.reply(right -> right.with("{]".getBytes(UTF_8))), BROKEN,
                        "answers without a token"),
                arguments("POST /token",
                        Fault.reply(right -> right.with("{\"token\":\"a\\nb\"}".getBytes(UTF_8))),
                        BROKEN, "answers without a token"),
                arguments(MANIFESTS, Fault.status(429, "Retry-After", "3600"), UNAVAILABLE,
                        "has had too many requests and asks to wait 3600 s"),
                arguments(MANIFESTS, Fault.status(429, "Retry-After", "99999999999999"), UNAVAILABLE,
                        "has had too many requests and asks to wait"),
                arguments(MANIFESTS, body(body -> new byte[0]), BROKEN, "empty manifest"),
                arguments(MANIFESTS, body(body -> "{}".getBytes(UTF_8)), BROKEN,
                        "sends something else than sha256:"),
                arguments(MANIFESTS, Fault.reply(right -> right.with("Docker-Content-Digest", "md5:1")),
                        BROKEN,
                        "names a digest that is none"),
                arguments(BLOBS, Fault.chunked(body -> Arrays.copyOf(body, 10)), UNAVAILABLE,
                        "ended after 10 of 32 bytes"),
                arguments(BLOBS, body(body -> Arrays.copyOf(body, 10)), BROKEN,
                        "has it with 10 bytes instead of 32"),
                arguments(BLOBS, body(body -> Arrays.copyOf(body, 40)), BROKEN,
                        "has it with 40 bytes instead of 32"),
                arguments(BLOBS, Fault.chunked(body -> Arrays.copyOf(body, 40)), BROKEN,
                        "more than its 32 bytes"),
                arguments(BLOBS, Fault.endlessBody(), BROKEN, "more than its 32 bytes"),
                arguments(MANIFESTS, Fault.redirect("/v2/some/plugin/manifests/1.0"), BROKEN,
                        "redirects in a circle"),
                arguments(MANIFESTS, Fault.redirect("ftp://example.com/x"), BROKEN, "no URL of HTTP"),
                arguments(MANIFESTS, Fault.redirect("http://[x"), BROKEN, "no URL of HTTP"),
                arguments(MANIFESTS, challenge("Bearer realm=\"unfinished"), BROKEN,
                        "in a way that makes no sense"),
                arguments(MANIFESTS, challenge("Bearer realm=\"not a url\""), BROKEN,
                        "whose address makes no sense"),
                arguments(MANIFESTS, challenge("Negotiate"), BROKEN,
                        "in a way that makes no sense: \"Negotiate\""),
                arguments(MANIFESTS, challenge("Bearer realm=\"http://192.0.2.1/token\""), BROKEN,
                        "not encrypted and not an insecure registry"),
                arguments(MANIFESTS, Fault.status(401), DENIED, "unknown: scripted"));
    }

    private static Fault body(UnaryOperator<byte[]> change) {
        return Fault.reply(right -> right.with(change.apply(right.body())));
    }

    private static Fault challenge(String header) {
        return Fault.status(401, "WWW-Authenticate", header);
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("faults")
    void endsInOneSentence(String where, Fault fault, Class<?> kind, String reason) {
        if (where.contains("/token")) {
            world.server.requireToken("user", "s3cret");
        }
        world.server.failAlways(where, fault);
        var repository = world.repository(RegistryWorld.USER);
        Throwable failure = catchThrowable(() -> {
            world.pull(repository);
            world.fetch(repository);
        });
        assertThat(failure).isInstanceOf(kind);
        assertThat(failure.getMessage()).contains(reason)
                .contains("http://" + world.server.host())
                .startsWith(kind.equals(DENIED) ? "pull access denied, " : "cannot ")
                .doesNotContain("s3cret", "token-", "\n", "Exception");
    }

    static IntStream everyLength() {
        return IntStream.rangeClosed(0, RegistryWorld.CONTENT.length);
    }

    @ParameterizedTest
    @MethodSource("everyLength")
    void resumesABlobWhereverItBroke(int bytes) {
        world.server.fail(BLOBS, Fault.closeAfter(bytes), Fault.closeAfter(0));
        assertThat(world.fetch(world.repository())).isEqualTo(RegistryWorld.CONTENT);
        var requests = world.requests("GET .*blobs.*");
        if (bytes > 0 && bytes < RegistryWorld.CONTENT.length) {
            assertThat(requests.get(1).header("Range")).contains("bytes=" + bytes + "-");
        }
    }

    @Test
    void listensFromWhereItStoppedIfTheRegistryBeginsAgain() {
        world.server.fail(BLOBS, Fault.closeAfter(5), Fault.chunked(rest -> RegistryWorld.CONTENT));
        assertThat(world.fetch(world.repository())).isEqualTo(RegistryWorld.CONTENT);
    }

    @Test
    void asksForTheWholeIfThereIsNoRest() {
        world.server.fail(BLOBS, Fault.closeAfter(5), Fault.status(416));
        assertThat(world.fetch(world.repository())).isEqualTo(RegistryWorld.CONTENT);
        assertThat(world.requests("GET .*blobs.*").getLast().header("Range")).isEmpty();
    }

    @Test
    void doesNotTrustAnotherRangeThanItAskedFor() {
        world.server.fail(BLOBS, Fault.closeAfter(5),
                Fault.reply(right -> right.with("Content-Range", "bytes 4-31/32")));
        assertThat(world.fetch(world.repository())).isEqualTo(RegistryWorld.CONTENT);
    }

    @Test
    void resumesWhatStalled() {
        world.server.fail(BLOBS, Fault.stallAfter(7));
        assertThat(world.fetch(world.repository())).isEqualTo(RegistryWorld.CONTENT);
        assertThat(world.requests("GET .*blobs.*")).hasSize(2);
    }

    @Test
    void countsAttemptsAnewWhenItCameFurther() {
        world.server.fail(BLOBS,
                IntStream.range(0, 10).mapToObj(_ -> Fault.closeAfter(2)).toArray(Fault[]::new));
        assertThat(world.fetch(world.repository())).isEqualTo(RegistryWorld.CONTENT);
    }

    @Test
    void neverSpinsWhenADownloadFailsD22() {
        world.server.failAlways(BLOBS, Fault.closeAfter(0));
        assertThat(catchThrowable(() -> world.fetch(world.repository()))).isInstanceOf(UNAVAILABLE);
        assertThat(world.requests("GET .*blobs.*")).hasSize(RegistryWorld.ATTEMPTS);
    }

    @Test
    void livesWithARegistryThatFailsHalfTheTime() {
        world.server.fail(MANIFESTS, Fault.status(500), Fault.none(), Fault.status(500));
        world.server.fail(BLOBS, Fault.status(502), Fault.none(), Fault.status(504));
        for (int i = 0; i < 2; i++) {
            assertThat(world.pull(world.repository()).bytes()).isEqualTo(RegistryWorld.MANIFEST);
            assertThat(world.fetch(world.repository())).isEqualTo(RegistryWorld.CONTENT);
        }
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
        world.server.fail(MANIFESTS, Fault.status(429, "Retry-After", "1"),
                Fault.status(429, "Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT"));
        long before = System.nanoTime();
        assertThat(world.pull(world.repository()).bytes()).isEqualTo(RegistryWorld.MANIFEST);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void deliversNoByteBeyondTheSize() {
        var delivered = new AtomicLong();
        world.server.failAlways(BLOBS, Fault.endlessBody());
        var failure = catchThrowable(() -> world.repository()
                .blob(new Descriptor("a/b", world.blob.digest(), 25_000))
                .map(ByteBuffer::remaining)
                .doOnNext(delivered::addAndGet)
                .blockLast(RegistryWorld.PATIENCE));
        assertThat(failure).isInstanceOf(BROKEN);
        assertThat(delivered.get()).isLessThanOrEqualTo(25_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:99999/a/b:1", "127.0.0.1:0/a/b:1", "127.0.0.1:99999999999/a/b:1",
            "host.1a/a/b:1", "[::::]/a/b:1"})
    void saysWhatIsNoHost(String text) {
        var name = Reference.parse(text);
        var repository = world.registry.repository(name, Registry.Action.PULL, RegistryAccess.ANONYMOUS);
        assertThatThrownBy(() -> repository.manifest(name).block(RegistryWorld.PATIENCE))
                .isInstanceOf(RegistryException.NotFound.class)
                .hasMessageContaining("cannot ask the registry \"" + name.domain() + "\"");
    }
}
