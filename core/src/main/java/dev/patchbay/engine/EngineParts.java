package dev.patchbay.engine;

import dev.patchbay.event.EventJournal;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.PluginStore;

/**
 * What an engine is put together from. It owns all of it but the registry, which stays the caller's.
 *
 * @param store where plugins are kept
 * @param executor what runs them
 * @param registry where they come from and go to
 * @param journal where events are kept
 */
record EngineParts(PluginStore store, RuntimeExecutor executor, Registry registry, EventJournal journal) {}
