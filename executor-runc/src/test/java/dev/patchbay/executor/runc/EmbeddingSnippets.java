package dev.patchbay.executor.runc;

import dev.patchbay.Plugins;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import java.nio.file.Path;
import reactor.core.publisher.Mono;

/** The examples of this package's Javadoc. That they compile is their test. */
final class EmbeddingSnippets {
    private EmbeddingSnippets() {}

    // @start region="open"
    static Mono<Plugins> open(Path root, Path execRoot) {
        return RuncExecutor.opening(RuncExecutorConfig.of(it -> it.execRoot(execRoot).pluginRoot(root)))
                .flatMap(runc -> PluginEngine.open(EngineConfig.of(it -> it.execRoot(execRoot)),
                        FileStore.at(StoreConfig.at(root)), runc, Registry.none()));
    }
    // @end
}
