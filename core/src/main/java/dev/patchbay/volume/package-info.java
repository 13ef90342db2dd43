/**
 * Volumes of volume plugins: made, found, mounted for whoever asks, and removed.
 *
 * <p>What lives here: {@link dev.patchbay.volume.Volumes}, the façade, with its requests and results; what is known of volumes
 * over restarts ({@code volumes.json}); the calls of Docker's volume protocol; and the {@code Keeper}, which mounts again what a
 * crash of a plugin has unmounted. What must not: HTTP, and anything about plugins that the façade
 * {@link dev.patchbay.Plugins} does not tell.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="volume"}
 *
 * <p>{@code MountRules} and {@code Book} know no clock, no I/O and no Reactor.
 */
@NullMarked
package dev.patchbay.volume;

import org.jspecify.annotations.NullMarked;
