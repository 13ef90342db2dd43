package dev.patchbay.benchmarks.scale;

import dev.patchbay.Plugins;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.PluginEngine;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.FileStore;
import dev.patchbay.store.StoreConfig;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * An engine on a plugin directory of this machine's disk, with containers in memory.
 *
 * @param plugins the engine
 * @param containers the thread of the containers
 */
record ScaledEngine(Plugins plugins, Scheduler containers) implements AutoCloseable {
    static ScaledEngine open(Place place) {
        Scheduler containers = Schedulers.newSingle("bench-containers", true);
        var config = EngineConfig.of(it -> it.execRoot(place.execRoot()));
        Plugins plugins = PluginEngine
                .open(config, FileStore.at(StoreConfig.at(place.root())), new FakeRuntimeExecutor(containers),
                        Registry.none())
                .blockOptional(EngineHere.PATIENCE)
                .orElseThrow();
        return new ScaledEngine(plugins, containers);
    }

    @Override
    public void close() {
        plugins.close().block(EngineHere.PATIENCE);
        containers.dispose();
    }
}
