package dev.patchbay.engine;

import dev.patchbay.executor.LogLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/** Writes what plugins print to the logger {@code plugin}, each line with the plugin's id. */
final class PluginOutput {
    private static final Logger OWN = LoggerFactory.getLogger(PluginOutput.class);
    private static final Logger PLUGIN = LoggerFactory.getLogger("plugin");
    private static final String KEY = "plugin";

    private final Disposable.Swap following = Disposables.swap();

    void follow(Flux<LogLine> lines) {
        following.replace(
                lines.subscribe(PluginOutput::write, e -> OWN.error("plugins' output is lost from here", e)));
    }

    void close() {
        following.dispose();
    }

    private static void write(LogLine line) {
        try (var _ = MDC.putCloseable(KEY, line.plugin().hex())) {
            switch (line.stream()) {
                case STDOUT -> PLUGIN.info("{} {}", line.plugin().shortHex(), line.text());
                case STDERR -> PLUGIN.warn("{} {}", line.plugin().shortHex(), line.text());
            }
        }
    }
}
