package dev.patchbay.benchmarks.daemon;

import dev.patchbay.benchmarks.measure.UnixHttp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Copies of the sample plugin in a daemon, by name {@code sample0} and on.
 *
 * @param socket where the daemon listens
 * @param count how many
 */
record ManyPlugins(Path socket, int count) {
    private static final Pattern ID = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");
    private static final Pattern RUNNING = Pattern.compile("\"state\":\"running\"");
    private static final byte[] NOTHING = {};
    private static final int CLIENTS = 8;
    private static final long PATIENCE_SECONDS = 120;
    private static final long PAUSE_MILLIS = 25;

    /** Creates and enables them. */
    void start(byte[] context) throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            var enables = IntStream
                    .range(0, count).<Callable<UnixHttp
                            .Answer>>mapToObj(number -> () -> start("sample" + number, context))
                    .toList();
            for (Future<UnixHttp.Answer> enable : clients.invokeAll(enables)) {
                enable.get();
            }
        }
    }

    private UnixHttp.Answer start(String name, byte[] context) throws IOException {
        UnixHttp.once(socket, "POST", "/v1.44/plugins/create?name=" + name, context);
        return UnixHttp.once(socket, "POST", "/v1.44/plugins/" + name + "/enable?timeout=120", NOTHING);
    }

    /** The id of the first. */
    String firstId() throws IOException {
        Matcher id = ID.matcher(get("/v1.44/plugins/sample0/json"));
        if (!id.find()) {
            throw new IOException("sample0 has no id");
        }
        return id.group(1);
    }

    /**
     * Waits until the daemon says that restoring is over, and makes sure that all run.
     *
     * @return when it said so, by {@link System#nanoTime}: reading a list of all, to make sure, comes after that
     */
    long awaitAllRunning() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try (var http = UnixHttp.connect(socket)) { // one for all probes, which should not weigh on what is measured
            while (!ready(http)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException(
                            running() + " of " + count + " run: " + get("/patchbay/v1/health"));
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
        }
        long ready = System.nanoTime();
        if (running() != count) {
            throw new IOException("ready, but " + running() + " of " + count + " run");
        }
        return ready;
    }

    private static boolean ready(UnixHttp http) throws IOException {
        UnixHttp.Answer health = http.get("/patchbay/v1/health");
        return new String(health.body(), StandardCharsets.UTF_8).contains("\"ready\":true");
    }

    private long running() throws IOException {
        return RUNNING.matcher(get("/patchbay/v1/plugins")).results().count();
    }

    private String get(String target) throws IOException {
        return new String(UnixHttp.once(socket, "GET", target, NOTHING).body(), StandardCharsets.UTF_8);
    }
}
