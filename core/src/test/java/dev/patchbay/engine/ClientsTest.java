package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginView;
import dev.patchbay.Status;
import dev.patchbay.Status.State;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.client.PluginEndpoint;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No client outlives its start, whatever moment that ends in. */
class ClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final PluginRecord RECORD = EngineWorld.record("echo", true);
    private static final PluginId ID = RECORD.plugin().id();

    private final Queue<PluginView> shown = new ArrayDeque<>();
    private final Clients clients = new Clients(ClientOptions.DEFAULT, _ -> Optional.ofNullable(look()));

    private PluginView look() {
        return shown.size() > 1 ? shown.remove() : shown.element();
    }

    @AfterEach
    void close() {
        clients.close().block(PATIENCE);
    }

    @Test
    void areThereOncePerStart() {
        shows(running(1));
        var first = clients.of(ID, start(1)).orElseThrow();
        assertThat(clients.of(ID, start(1))).containsSame(first);
        shows(running(2));
        clients.changed(ID);
        assertEnded(first);
        assertThat(clients.of(ID, start(2)).orElseThrow()).isNotSameAs(first);
        assertThat(clients.of(ID, start(1))).isEmpty();
    }

    @Test
    void stayWhenSomethingElseChanges() {
        shows(running(1));
        var client = clients.of(ID, start(1)).orElseThrow();
        clients.changed(ID);
        assertThat(clients.of(ID, start(1))).containsSame(client);
    }

    @Test
    void endWhenTheirStartEndedWhileTheyWereMade() {
        shows(running(1), stopping());
        assertEnded(clients.of(ID, start(1)).orElseThrow());
    }

    @Test
    void areNotMadeForStartsThatAreOver() {
        shows(stopping());
        assertThat(clients.of(ID, start(1))).isEmpty();
        shows(running(2));
        assertThat(clients.of(ID, start(1))).isEmpty();
    }

    @Test
    void areNotMadeAnyMoreWhenAllAreClosed() {
        shows(running(1));
        var client = clients.of(ID, start(1)).orElseThrow();
        clients.close().block(PATIENCE);
        assertEnded(client);
        clients.changed(ID);
        assertThat(clients.of(ID, start(1))).isEmpty();
    }

    private void shows(PluginView... views) {
        shown.clear();
        shown.addAll(List.of(views));
    }

    private static void assertEnded(dev.patchbay.PluginClient client) {
        assertThatThrownBy(() -> client.call(PluginCall.of("A.B")).block(PATIENCE))
                .isInstanceOf(PluginCallException.Ended.class);
    }

    private static PluginEndpoint start(int generation) {
        return new PluginEndpoint("echo", generation, new PluginAddress.Unix(Path.of("/nowhere/echo.sock")),
                "");
    }

    private static PluginView running(int generation) {
        return view(State.RUNNING, generation);
    }

    private static PluginView stopping() {
        return view(State.STOPPING, 1);
    }

    private static PluginView view(State state, int generation) {
        return new PluginView(RECORD.plugin(), new Status(state, Instant.EPOCH, generation, 0,
                Optional.empty(), List.of(), Optional.empty(), Optional.empty()));
    }
}
