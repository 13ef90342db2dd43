package dev.patchbay.executor.runc;

import dev.patchbay.PluginCall;
import dev.patchbay.Plugins;
import java.nio.file.Path;

/**
 * A host that opens an engine below a folder, runs and calls the sample plugin, closes it, prints which threads would keep the
 * process from ending, and returns.
 */
final class OpensClosesAndReturns {
    private OpensClosesAndReturns() {}

    /** {@code OpensClosesAndReturns FOLDER}. */
    @SuppressWarnings("SystemOut") // what the test reads
    public static void main(String[] arguments) throws Exception {
        record Words(String text) {}
        var host = new HostHere(Path.of(arguments[0]));
        Plugins plugins = host.open("a");
        host.install(plugins, "sample");
        plugins.enable("sample", TrialWorld.PATIENCE).block(TrialWorld.PATIENCE);
        plugins.use("sample", "dummy", "an echo", use -> use.client()
                .call(PluginCall.of("Sample.Echo", Words.class).body(new Words("hello"))))
                .blockLast(TrialWorld.PATIENCE);
        plugins.close().block(TrialWorld.PATIENCE);
        Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> !thread.isDaemon() && thread != Thread.currentThread())
                // Netty's, of whatever event loops: it ends a second after the last of them.
                .filter(thread -> !thread.getName().startsWith("globalEventExecutor-"))
                .forEach(thread -> System.out.println("still there: " + thread.getName()));
        System.out.println("returns");
    }
}
