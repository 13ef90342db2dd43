package dev.patchbay.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.AmbiguousPluginException;
import dev.patchbay.EngineBusyException;
import dev.patchbay.EngineClosedException;
import dev.patchbay.EngineFaultException;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginBusyException;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.PluginException;
import dev.patchbay.PluginLogException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStartException;
import dev.patchbay.PluginStopException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PrivilegesException;
import dev.patchbay.RemoteDeniedException;
import dev.patchbay.RemoteFailedException;
import dev.patchbay.RemoteNotFoundException;
import dev.patchbay.UncleanCloseException;
import dev.patchbay.UnusableImageException;
import dev.patchbay.VolumeConflictException;
import dev.patchbay.VolumeNotFoundException;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.web.Caller.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorRepliesTest {
    private static final Caller CALLER = new Caller("r-1", Transport.UNIX, "", List.of(),
            Optional.empty());

    static Stream<Arguments> leaves() {
        var failures = Stream.of(Kind.values())
                .map(kind -> arguments(new PluginConflictException("p", kind, "no: " + kind), 409));
        return Stream.concat(Stream.concat(failures, calls()), Stream.of(
                arguments(new InvalidRequestException("bad <name> & \"more\"", null), 400),
                arguments(new AmbiguousPluginException("a"), 400),
                arguments(new PluginNotFoundException("a"), 404),
                arguments(new EngineBusyException(1), 503),
                arguments(new PluginBusyException("p", 1), 503),
                arguments(new PluginUnavailableException("p", "x"), 503),
                arguments(new EngineClosedException(), 503),
                arguments(new PluginStartException("p", 1, "exited with code 3", Optional.empty(), List.of()),
                        500),
                arguments(new PluginStopException("p", 1, "outlived KILL"), 500),
                arguments(new PluginStorageException("disk full", null), 500),
                arguments(new UncleanCloseException(List.of("p")), 500),
                arguments(new PluginLogException("gone", null), 500),
                arguments(new RemoteDeniedException("r refuses", null), 401),
                arguments(new PrivilegesException(List.of(), "incorrect privileges"), 403),
                arguments(new RemoteNotFoundException("r has none", null), 404),
                arguments(new RemoteFailedException("r is down", null), 502),
                arguments(new UnusableImageException("an ordinary image", null), 400),
                arguments(new VolumeNotFoundException("db", "get db: no such volume"), 404),
                arguments(new VolumeConflictException("db", VolumeConflictException.Kind.IN_USE, "in use"),
                        409),
                arguments(new VolumesUnavailableException("being read"), 503),
                arguments(new EngineFaultException("enable", new IllegalStateException()), 500)));
    }

    private static Stream<Arguments> calls() {
        var call = new PluginCallException.Call("p", "A.B");
        return Stream.of(
                arguments(new PluginCallException.Refused(call, 500, "no", "no"), 502),
                arguments(new PluginCallException.Unreadable(call, "garbage", null), 502),
                arguments(new PluginCallException.TooLarge(call, 7), 502),
                arguments(new PluginCallException.Broken(call, "broke the connection during", null), 502),
                arguments(new PluginCallException.TimedOut(call, Duration.ofSeconds(1)), 504),
                arguments(new PluginCallException.Unreachable(call, "gone", null), 503),
                arguments(new PluginCallException.Ended(call, 3), 503),
                arguments(new PluginCallException.CircuitOpen(call, Duration.ofSeconds(1), null), 503),
                arguments(new PluginCallException.TooMany(call, 7, "calls"), 503),
                arguments(new PluginCallException.OtherScheme(call, "grpc",
                        new PluginAddress.Unix(Path.of("/s"))), 400),
                arguments(new PluginCallException.NotImplemented(call, "authz"), 400));
    }

    private static Stream<Class<?>> waysToFail(Class<?> family) {
        return family.isSealed()
                ? Stream.of(family.getPermittedSubclasses()).flatMap(ErrorRepliesTest::waysToFail)
                : Stream.of(family);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("leaves")
    @DisplayName("D4: each way to fail has its status, whichever route it comes from")
    void mapsEachLeafD4(PluginException failure, int status) {
        Reply.Full reply = ErrorReplies.of(failure, CALLER);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.headers()).containsEntry("Content-Type", "application/json");
        String message = String.valueOf(failure.getMessage());
        assertThat(new String(reply.body(), UTF_8))
                .isEqualTo("{\"message\":\"" + message.replace("\"", "\\\"") + "\"}\n");
    }

    @Test
    void hasARowForEachLeaf() {
        Set<Object> tested = leaves().map(row -> row.get()[0].getClass()).collect(Collectors.toSet());
        assertThat(tested).containsAll(waysToFail(PluginException.class).toList());
    }

    @Test
    void keepsABugToItself() {
        Reply.Full reply = ErrorReplies.of(new IllegalStateException("secret"), CALLER);
        assertThat(reply.status()).isEqualTo(500);
        assertThat(new String(reply.body(), UTF_8)).contains("internal error")
                .contains("r-1")
                .doesNotContain("secret");
    }
}
