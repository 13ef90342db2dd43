package dev.patchbay.client;

import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A plugin, and a client of it. Must be closed. */
final class PluginWorld implements AutoCloseable {
    /** How long a test waits for what is to come. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How long an answer may take that is not to come. */
    static final Duration SOON = Duration.ofMillis(150);

    /** Pauses that nobody notices. */
    static final CallRetries QUICK = new CallRetries(Duration.ofSeconds(3), Duration.ofMillis(5),
            Duration.ofMillis(100));

    /** Opens when nothing works at all, and for no time that matters. */
    static final CircuitLimits PATIENT = new CircuitLimits(64, 64, Duration.ofMillis(1));

    private final Path folder = folder();
    private final PluginClients clients;
    private final List<ScriptedPlugin> plugins = new CopyOnWriteArrayList<>();
    final ScriptedPlugin plugin;
    final GenerationClient client;

    PluginWorld() {
        this(CallLimits.DEFAULT, PATIENT);
    }

    PluginWorld(CallLimits limits, CircuitLimits circuit) {
        this(new ClientOptions(Duration.ofSeconds(10), 1 << 20, limits, QUICK, circuit));
    }

    PluginWorld(ClientOptions options) {
        clients = PluginClients.open(options);
        plugin = plugin("p");
        client = connect(plugin, 1);
    }

    /** One more plugin. */
    ScriptedPlugin plugin(String name) {
        try {
            var made = ScriptedPlugin.at(folder.resolve(name));
            plugins.add(made);
            return made;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client of one. */
    GenerationClient connect(ScriptedPlugin to, int generation) {
        return connect(new PluginEndpoint(String.valueOf(to.socket().getFileName()), generation,
                new PluginAddress.Unix(to.socket()), ""));
    }

    GenerationClient connect(PluginEndpoint endpoint) {
        return clients.connect(endpoint);
    }

    /** Where no plugin is. */
    Path nowhere() {
        return folder.resolve("nowhere");
    }

    /** What is answered. */
    <A> A ask(PluginCall<A> call) {
        return ask(client, call);
    }

    static <A> A ask(PluginClient client, PluginCall<A> call) {
        return client.call(call).blockOptional(PATIENCE).orElseThrow();
    }

    void closeClients() {
        clients.close().block(PATIENCE);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("pbc");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        closeClients();
        for (ScriptedPlugin each : plugins) {
            each.close();
        }
        Files.delete(folder);
    }
}
