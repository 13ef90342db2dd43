package dev.patchbay.registry;

import dev.patchbay.text.Quoted;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import reactor.netty.http.client.PrematureCloseException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** What the network's exceptions mean, as sentences. */
final class Failures {
    private static final String CROWDED = "has too many requests of ours waiting";
    private static final int DEEPEST = 10;

    private Failures() {}

    /** "cannot …: https://host …". */
    static String sentence(Request request, String reason) {
        return "cannot " + request.purpose() + ": " + request.origin() + " " + reason;
    }

    /** Not one of ours: its message is for programmers, and may hold anything. */
    static boolean isForeign(Throwable failure) {
        return !(failure instanceof RegistryException);
    }

    /** Of a request to which no answer came. */
    static RegistryException unanswered(Request request, Throwable failure, RegistryTimeouts timeouts) {
        if (find(failure, TooLongHttpHeaderException.class).isPresent()
                || find(failure, TooLongHttpLineException.class).isPresent()) {
            return new RegistryException.Broken(sentence(request, "answers with headers that are too long"),
                    failure);
        }
        // Netty's reader of status lines says so with either.
        boolean garbled = find(failure, DecoderException.class).isPresent()
                || find(failure, IllegalArgumentException.class).isPresent();
        if (garbled && find(failure, SSLException.class).isEmpty()) {
            return new RegistryException.Broken(sentence(request, "does not answer in HTTP"), failure);
        }
        String reason = sentence(request, reason(failure, timeouts));
        return lastsLonger(failure)
                ? RegistryException.Unavailable.lasting(reason, failure)
                : new RegistryException.Unavailable(reason, failure);
    }

    /** Of an answer whose body broke off. */
    static RegistryException broken(Request request, Throwable failure, RegistryTimeouts timeouts) {
        String reason = find(failure, TimeoutException.class).isPresent()
                ? "sent nothing more for too long"
                : find(failure, DecoderException.class).isPresent()
                        ? "garbled its answer"
                        : reason(failure, timeouts).replace("before it answered",
                                "in the middle of its answer");
        return new RegistryException.Unavailable(sentence(request, reason), failure);
    }

    /** What trying again in a moment would not change. */
    private static boolean lastsLonger(Throwable failure) {
        return find(failure, UnknownHostException.class).isPresent()
                || find(failure, CertificateException.class).isPresent()
                || find(failure, NotSslRecordException.class).isPresent()
                || find(failure, ConnectException.class).isPresent();
    }

    private static String reason(Throwable failure, RegistryTimeouts timeouts) {
        return Stream
                .of(naming(failure), connecting(failure, timeouts), securing(failure, timeouts),
                        talking(failure))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> "cannot be talked to: "
                        + Quoted.shortened(String.valueOf(failure.getMessage())));
    }

    private static Optional<String> naming(Throwable failure) {
        return find(failure, UnknownHostException.class).map(_ -> "has a name that cannot be resolved");
    }

    private static Optional<String> connecting(Throwable failure, RegistryTimeouts timeouts) {
        return find(failure, ProxyConnectException.class)
                .map(proxy -> "cannot be reached through the proxy: "
                        + Quoted.shortened(String.valueOf(proxy.getMessage())))
                .or(() -> find(failure, ConnectTimeoutException.class)
                        .map(_ -> "takes no connection within " + text(timeouts.connect())))
                .or(() -> find(failure, ConnectException.class).map(_ -> "refuses connections"))
                .or(() -> find(failure, PoolAcquireTimeoutException.class).map(_ -> CROWDED))
                .or(() -> find(failure, PoolAcquirePendingLimitException.class).map(_ -> CROWDED));
    }

    private static Optional<String> securing(Throwable failure, RegistryTimeouts timeouts) {
        return find(failure, NotSslRecordException.class).map(_ -> "does not speak TLS")
                .or(() -> find(failure, SslHandshakeTimeoutException.class)
                        .map(_ -> "does not finish the TLS handshake within " + text(timeouts.handshake())))
                .or(() -> find(failure, CertificateException.class)
                        .map(bad -> "has a certificate that is not to be trusted: " + message(bad)))
                .or(() -> find(failure, SSLException.class).map(bad -> "fails in TLS: " + message(bad)));
    }

    private static Optional<String> talking(Throwable failure) {
        return find(failure, AnswerTooSlow.class)
                .map(slow -> "did not answer within " + text(slow.patience()))
                .or(() -> find(failure, PrematureCloseException.class)
                        .map(_ -> "closed the connection before it answered"))
                .or(() -> find(failure, IOException.class)
                        .map(_ -> "broke the connection before it answered"));
    }

    private static String message(Throwable failure) {
        return Quoted.shortened(String.valueOf(failure.getMessage()));
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
