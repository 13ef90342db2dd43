package dev.patchbay.client;

import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import dev.patchbay.text.Quoted;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import reactor.netty.http.client.PrematureCloseException;

/** What the network's exceptions mean. */
final class Failures {
    private static final int DEEPEST = 10;

    /** What Linux says at once of a socket that takes no more for now (EAGAIN); Netty's exception keeps no number. */
    private static final String CROWD = "Resource temporarily unavailable";

    private Failures() {}

    /** Whether a connection was refused because too many wait already that the plugin has not taken. */
    static boolean isCrowd(Throwable failure) {
        return find(failure, SocketException.class)
                .filter(refused -> String.valueOf(refused.getMessage()).contains(CROWD))
                .isPresent();
    }

    /** Of a call that never reached a connection. */
    static PluginCallException beforeSending(Call call, Throwable failure) {
        String reason = find(failure, FileNotFoundException.class).map(_ -> "its socket is not there")
                .or(() -> find(failure, ConnectTimeoutException.class)
                        .map(_ -> "it takes no connection in time"))
                .or(() -> find(failure, ConnectException.class).map(_ -> "it takes no connections"))
                .or(() -> find(failure, UnknownHostException.class)
                        .map(_ -> "its host has a name that cannot be resolved"))
                .or(() -> find(failure, SSLException.class).map(tls -> "TLS fails: " + message(tls)))
                .orElseGet(() -> message(failure));
        return new PluginCallException.Unreachable(call, reason, failure);
    }

    /** Of a call that may have reached the plugin. */
    static PluginCallException afterSending(Call call, Throwable failure) {
        if (find(failure, TooLongHttpHeaderException.class).isPresent()
                || find(failure, TooLongHttpLineException.class).isPresent()) {
            return new PluginCallException.Unreadable(call, "its headers are too long", failure);
        }
        // Netty's reader of status lines says so with either.
        if (find(failure, DecoderException.class).isPresent()
                || find(failure, IllegalArgumentException.class).isPresent()) {
            return new PluginCallException.Unreadable(call, "it is not HTTP", failure);
        }
        String what = find(failure, PrematureCloseException.class)
                .map(_ -> "closed the connection before the end of its answer to")
                .orElse("broke the connection during");
        return new PluginCallException.Broken(call, what, failure);
    }

    private static String message(Throwable failure) {
        return Quoted.shortened(String.valueOf(failure.getMessage()));
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
