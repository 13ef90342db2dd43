package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.SmallPlugin;
import dev.patchbay.benchmarks.measure.Target;
import dev.patchbay.benchmarks.measure.UnixHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The plugins that a load test makes for itself in the daemon that it tests, under names that nobody else has. Closing
 * removes them.
 *
 * <p>Some have no program and are there for their settings, which anybody may change and each change of which is an event;
 * their names are as long as events are to be. The others are the sample, to be enabled and disabled.
 */
final class LoadPlugins implements AutoCloseable {
    /** What all requests begin with. */
    static final String API = "/v1.41/plugins";
    /** The setting that can be changed. */
    static final String SETTING = "NUMBER";
    /** How large an event is on the wire whose plugin has a name of one letter; the rest is the name, letter by letter. */
    static final int LEAST_EVENT_BYTES = 310;
    /** The largest event: names have their limit. */
    static final int MOST_EVENT_BYTES = 500;

    private static final String CONFIG = """
            {"description": "made by a load test", "entrypoint": ["/none"], "network": {"type": ""},
             "interface": {"types": ["docker.dummy/1.0"], "socket": "s.sock"},
             "env": [{"name": "NUMBER", "description": "any", "settable": ["value"], "value": "0"}]}
            """;
    private static final byte[] NOTHING = {};

    private final Target target;
    private final String prefix;
    private final List<String> settable = new ArrayList<>();
    private final List<String> runnable = new ArrayList<>();

    private LoadPlugins(Target target, String prefix) {
        this.target = target;
        this.prefix = prefix;
    }

    /**
     * Makes them.
     *
     * @param count how many with settings
     * @param eventBytes how large an event about one of them is to be
     * @param samples how many that can run
     */
    static LoadPlugins make(Target target, int count, int eventBytes, int samples, Optional<Built> built)
            throws IOException {
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        var plugins = new LoadPlugins(target, "load" + HexFormat.of().formatHex(random));
        try {
            for (int number = 0; number < count; number++) {
                String name = padded(plugins.prefix + "n" + number, eventBytes);
                plugins.create(name, SmallPlugin.context(name, CONFIG), plugins.settable);
            }
            for (int number = 0; number < samples; number++) {
                byte[] context = built
                        .orElseThrow(() -> new IOException("there is no sample plugin to enable"))
                        .sampleContext();
                plugins.create(plugins.prefix + "s" + number, context, plugins.runnable);
            }
            return plugins;
        } catch (IOException e) {
            plugins.close();
            throw e;
        }
    }

    private static String padded(String name, int eventBytes) {
        int wanted = eventBytes - LEAST_EVENT_BYTES + 1;
        return name + "x".repeat(Math.max(0, wanted - name.length()));
    }

    private void create(String name, byte[] context, List<String> into) throws IOException {
        into.add(name); // before, for it may be there although no answer has come
        try (var http = UnixHttp.connect(target)) {
            http.send("POST", API + "/create?name=" + name, context).orFail();
        }
    }

    /** The name of one with settings; they take turns. */
    String name(long number) {
        return settable.get((int) (number % settable.size()));
    }

    /** The name of one that can run, of a client's own. */
    String runnable(int client) {
        return runnable.get(client);
    }

    @Override
    public void close() throws IOException {
        var failures = new ArrayList<String>();
        for (List<String> names : List.of(settable, runnable)) {
            for (String name : names) {
                try (var http = UnixHttp.connect(target)) {
                    UnixHttp.Answer answer = http.send("DELETE", API + "/" + name + "?force=1", NOTHING);
                    if (answer.status() / 100 != 2 && answer.status() != 404) {
                        failures.add(name + ": " + new String(answer.body(), StandardCharsets.UTF_8));
                    }
                } catch (IOException e) {
                    failures.add(name + ": " + e.getMessage());
                }
            }
        }
        if (!failures.isEmpty()) {
            throw new IOException("left behind, remove them: " + String.join("; ", failures));
        }
    }
}
