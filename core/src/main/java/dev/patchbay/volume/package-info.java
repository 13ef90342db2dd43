/**
 * Volumes of volume plugins: made, found, mounted for whoever asks, and removed.
 *
 * <p>What lives here: {@link dev.patchbay.volume.Volumes}, the façade, with its requests and results; what is known of volumes
 * over restarts ({@code volumes.json}); the calls of Docker's volume protocol; and the {@code Keeper}, which mounts again what a
 * crash of a plugin has unmounted. What must not: HTTP, and anything about plugins that the façade
 * {@link dev.patchbay.Plugins} does not tell.
 *
 * <pre>{@code
 * Volumes volumes = Volumes.open(plugins, VolumesConfig.at(root));
 * Mono<Path> folder = volumes.create(new VolumeRequest("db", "sshfs", Map.of("sshcmd", "me@host:/db"), Map.of()))
 *         .then(volumes.mount("db", Optional.of("my-process")))
 *         .map(MountedVolume::path);
 * }</pre>
 *
 * <p>{@code MountRules} and {@code Book} know no clock, no I/O and no Reactor.
 */
@NullMarked
package dev.patchbay.volume;

import org.jspecify.annotations.NullMarked;
