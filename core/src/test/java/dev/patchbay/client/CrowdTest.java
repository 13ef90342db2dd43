package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin in whose socket no more connections may wait. */
@Timeout(60)
class CrowdTest {
    private static final PluginCall<Void> WORK = PluginCall.of("Sample.Work");

    @TempDir
    private Path folder;

    private final List<SocketChannel> crowd = new ArrayList<>();
    private ServerSocketChannel listener;
    private PluginClients clients;
    private GenerationClient client;

    @BeforeEach
    void crowd() throws IOException {
        var address = UnixDomainSocketAddress.of(folder.resolve("p"));
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(address, 2);
        while (isTaken(address)) {
            assertThat(crowd).hasSizeLessThan(10);
        }
        clients = PluginClients.open(new ClientOptions(Duration.ofSeconds(10), 1 << 20, CallLimits.DEFAULT,
                PluginWorld.QUICK, new CircuitLimits(2, 64, Duration.ofMinutes(1))));
        client = clients.connect(new PluginEndpoint("p", 1, new PluginAddress.Unix(address.getPath()), ""));
    }

    private boolean isTaken(UnixDomainSocketAddress address) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        crowd.add(channel);
        channel.configureBlocking(false);
        try {
            return channel.connect(address);
        } catch (SocketException _) {
            return false;
        }
    }

    @AfterEach
    void close() throws IOException {
        clients.close().block(PluginWorld.PATIENCE);
        listener.close();
        for (SocketChannel channel : crowd) {
            channel.close();
        }
    }

    private void accept() {
        var _ = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    SocketChannel channel = listener.accept();
                    var _ = Thread.ofVirtual().start(() -> serve(channel));
                }
            } catch (ClosedChannelException _) {
                // It is over.
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void serve(SocketChannel channel) {
        try (channel) {
            var peer = new Peer(channel);
            while (peer.read(Set.of()).isPresent()) {
                peer.answer(200, "{}");
            }
        } catch (IOException _) {
            // The client is gone.
        }
    }

    @Test
    void comesAgainUntilThereIsRoomOrItsTimeIsUp() {
        assertThatThrownBy(() -> client.call(WORK.timeout(PluginWorld.SOON)).block())
                .isInstanceOf(PluginCallException.TimedOut.class);
        var calls = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 32; i++) {
            calls.add(client.call(WORK).toFuture());
        }
        var stream = client.stream(WORK).then().toFuture();
        accept();
        assertThat(calls).allSatisfy(call -> assertThat(call.join()).isNull());
        assertThat(stream.join()).isNull();
        assertThat(client.underWay()).isZero();
    }

    @Test
    void endsWithThePlugin() {
        var call = client.call(WORK).toFuture();
        client.end().block(PluginWorld.PATIENCE);
        assertThat(call.exceptionNow()).isInstanceOf(PluginCallException.Ended.class);
    }
}
