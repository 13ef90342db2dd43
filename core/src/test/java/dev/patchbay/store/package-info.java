/**
 * Tests of the store, and what other tests need of it: {@link dev.patchbay.store.InMemoryStore},
 * {@link dev.patchbay.store.PluginContexts} and the contract that every store keeps.
 */
@NullMarked
package dev.patchbay.store;

import org.jspecify.annotations.NullMarked;
