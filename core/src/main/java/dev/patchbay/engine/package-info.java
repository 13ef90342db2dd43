/**
 * The engine: one writer, pure rules, effects outside.
 *
 * <p>The life of one command: {@link dev.patchbay.engine.PluginEngine} puts it into the {@code Mailbox}; the
 * {@code StateOwner} takes it on the state thread, asks {@code PluginLifecycle} what it means, has those of the
 * resulting facts stored that change what users want, applies them all, publishes the snapshot and the events, hands
 * effects to the {@code EffectRunner} and answers the caller. What an effect achieved comes back as another command.
 *
 * <p>The life of a transfer: {@code Pulls}, {@code Creation} and {@code Layouts} stage content, {@code Intake} reserves
 * before and installs afterwards, by way of a {@code Ticket}; {@code Pushes} sends what {@code StoredImage} finds.
 *
 * <p>What earlier processes left: {@code FoundPlugins} takes what is on disk, {@code Restoration} begins the
 * {@code FirstRound}, {@code Containers} takes over what runs, {@code LeftOvers} finds what nobody wants,
 * {@code MissedExits} what ended unheard.
 *
 * <p>What lives here: commands, facts, effects, rules, the state thread, supervision. What must not: files, processes,
 * sockets, HTTP; they are behind the ports {@link dev.patchbay.store.PluginStore},
 * {@link dev.patchbay.registry.Registry} and {@link dev.patchbay.executor.RuntimeExecutor}. The rules ({@code *Rules}, {@code PluginLifecycle}, {@code Backoff})
 * know no clock, randomness, logger or Reactor type.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="engine"}
 */
@NullMarked
package dev.patchbay.engine;

import org.jspecify.annotations.NullMarked;
