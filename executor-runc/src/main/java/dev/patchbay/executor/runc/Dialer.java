package dev.patchbay.executor.runc;

import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Dials unix sockets until something accepts. */
final class Dialer {
    private static final double GROWTH = 1.25; // a plugin is found ready at most a quarter of its own time late
    private static final long FIRST_DELAY_MICROS = 1000;
    private static final long LAST_DELAY_MICROS = 50_000;

    private Dialer() {}

    /** Completes when a connection was accepted; never gives up, but fails on a path that can never be dialled. */
    static Mono<Void> awaitListening(PluginId plugin, Path socket, ExecutorService threads, Scheduler timer) {
        return Turn.<Boolean>detached(threads, () -> dial(plugin, socket) ? Boolean.TRUE : null)
                .repeatWhenEmpty(rounds -> rounds.concatMap(round -> Mono.delay(delayAfter(round), timer)))
                .then();
    }

    /** How long to wait after the dial of this number, from 0. */
    static Duration delayAfter(long round) {
        double micros = FIRST_DELAY_MICROS * Math.pow(GROWTH, (double) Math.min(round, 100));
        return Duration.ofNanos(1000 * Math.min(LAST_DELAY_MICROS, (long) micros));
    }

    private static boolean dial(PluginId plugin, Path socket) {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > RuncExecutorConfig.MAX_SOCKET_PATH_BYTES) {
            throw impossible(plugin, socket, "it has " + length + " bytes and may have "
                    + RuncExecutorConfig.MAX_SOCKET_PATH_BYTES + "; choose a shorter exec root");
        }
        // Made by the plugin, who could point it at any socket of the host.
        if (Files.isSymbolicLink(socket)) {
            throw impossible(plugin, socket, "it is a symbolic link");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false); // a full backlog would block us
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException _) {
            return false; // not there yet, or nobody listens yet
        }
    }

    private static StepFailed impossible(PluginId plugin, Path socket, String reason) {
        String message = "the plugin's socket " + socket + " cannot be dialled: " + reason;
        return new StepFailed(plugin, Step.DIAL, message, Optional.empty(), null);
    }
}
