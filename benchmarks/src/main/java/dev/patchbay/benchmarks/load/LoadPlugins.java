package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.Endpoint;
import dev.patchbay.benchmarks.measure.SmallPlugin;
import dev.patchbay.benchmarks.measure.UnixHttp;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
    private static final int NOT_FOUND = 404;

    /** After so many removals without success, one after the other, no more are tried. */
    private static final int MOST_UNHEARD = 3;

    private final Endpoint endpoint;
    private final String prefix;
    private final List<String> settable = new ArrayList<>();
    private final List<String> runnable = new ArrayList<>();

    private LoadPlugins(Endpoint endpoint, String prefix) {
        this.endpoint = endpoint;
        this.prefix = prefix;
    }

    /**
     * Makes them.
     *
     * @param count how many with settings
     * @param eventBytes how large an event about one of them is to be
     * @param samples how many that can run
     */
    static LoadPlugins make(Endpoint endpoint, int count, int eventBytes, int samples, Optional<Built> built)
            throws IOException {
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        var plugins = new LoadPlugins(endpoint, "load" + HexFormat.of().formatHex(random));
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
            try {
                plugins.close();
            } catch (IOException alsoWrong) {
                e.addSuppressed(alsoWrong);
            }
            throw e;
        }
    }

    private static String padded(String name, int eventBytes) {
        int wanted = eventBytes - LEAST_EVENT_BYTES + 1;
        return name + "x".repeat(Math.max(0, wanted - name.length()));
    }

    private void create(String name, byte[] context, List<String> into) throws IOException {
        into.add(name); // before, for it may be there although no answer has come
        try (var http = endpoint.connect()) {
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
        var left = new ArrayList<String>();
        String why = "";
        int unheard = 0;
        for (String name : Stream.concat(settable.stream(), runnable.stream()).toList()) {
            try {
                if (unheard < MOST_UNHEARD) { // a daemon that is gone is not asked a thousand times
                    Optional<String> refusal = remove(name);
                    unheard = 0;
                    if (refusal.isEmpty()) {
                        continue;
                    }
                    why = refusal.get();
                }
            } catch (IOException e) {
                unheard++;
                why = String.valueOf(e.getMessage());
            }
            left.add(name);
        }
        if (!left.isEmpty()) {
            throw new IOException("plugins are left behind, since " + why + "; remove them: "
                    + String.join(" ", left));
        }
    }

    /** Why it is not removed, if somebody says so. @throws IOException if nobody answers */
    private Optional<String> remove(String name) throws IOException {
        UnixHttp.Answer answer;
        try (var http = endpoint.connect()) {
            answer = http.send("DELETE", API + "/" + name + "?force=1", NOTHING);
        }
        if (answer.status() == NOT_FOUND) {
            return Optional.empty();
        }
        try {
            var _ = answer.orFail();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
