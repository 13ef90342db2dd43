package dev.patchbay.volume;

import dev.patchbay.Force;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.Plugins;
import dev.patchbay.VolumeConflictException;
import dev.patchbay.VolumeNotFoundException;
import dev.patchbay.VolumesUnavailableException;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * The volumes of an engine's volume plugins, as Docker has them, and mounting them for whoever asks.
 *
 * <p><b>Names.</b> A volume that was made, mounted or found by {@link #create} here is remembered over restarts, with its
 * driver. For any other name all drivers are asked. One name belongs to one driver among those that are remembered.
 *
 * <p><b>Use.</b> A volume that is remembered holds its plugin, and so does each of its mounts: it is not disabled, exchanged or
 * removed without force. With force, mounts end and are forgotten, and volumes are remembered.
 *
 * <p><b>Cold</b>: each subscription asks once. <b>Order:</b> what changes one volume is done one after the other, in the order of
 * subscription; volumes do not wait for each other, nor does anything that only looks. A driver that hangs costs its own volumes
 * and nobody else. What changes something completes only after that is on disk. <b>Cancelling</b> detaches, if it is under way
 * already, but for {@link #mount}; what waits its turn is not begun.
 *
 * <p>Besides what each method lists they fail with {@link dev.patchbay.InvalidRequestException} for a name, id, option or label
 * that is not allowed, {@link VolumesUnavailableException} while what is remembered cannot be read, or if too much waits for the
 * volume, {@link PluginCallException} if the driver says no, hangs, or makes no sense, {@link PluginConflictException},
 * {@link PluginUnavailableException} and {@link dev.patchbay.PluginNotFoundException} if it cannot be had,
 * {@link PluginStorageException} if the disk refuses or hangs, {@link dev.patchbay.EngineClosedException} after {@link #close}.
 *
 * <p><b>Threads:</b> signals arrive on {@code volume-reply}, which must not be blocked; what {@link #close} ends, may end on
 * the thread that closes.
 */
public interface Volumes {
    /**
     * Opens the volumes of an engine, at most once at a time. Waits for nothing: until what is remembered is read, calls wait,
     * and then fail.
     *
     * @param plugins the engine; stays the caller's, who closes it after the volumes
     */
    static Volumes open(Plugins plugins, VolumesConfig config) {
        return OpenVolumes.of(plugins, config, VolumeThreads.start());
    }

    /** No volumes: none is found, none can be made. For servers that offer none. */
    static Volumes none() {
        return NoVolumes.NONE;
    }

    /**
     * Makes a volume, or finds that it is there, with the same driver, which is the same. A volume that the driver has already
     * is remembered from then on. One that is remembered, and that its driver says it has not, is made again, with these options
     * and labels, or those that are remembered where there are none here; mounts of it that are wanted follow.
     *
     * @return as it is then; fails with {@link VolumeConflictException} if another driver has that name
     */
    Mono<VolumeView> create(VolumeRequest request);

    /** Those that pass a filter: those that are remembered, and all that drivers say they have. */
    Mono<VolumeList> list(VolumeFilter filter);

    /**
     * One of them. Also while what is remembered cannot be read: as much as its driver knows then, with a problem.
     *
     * @return fails with {@link VolumeNotFoundException}, also for what cannot be the name of a volume
     */
    Mono<VolumeView> inspect(String name);

    /**
     * Removes a volume and what is in it.
     *
     * @param force {@link Force#YES} forgets it also if its driver cannot be asked, or refuses, and does nothing if there is none
     * @return fails with {@link VolumeConflictException} if somebody has it mounted, with or without force, with
     *     {@link VolumeNotFoundException} if there is none
     */
    Mono<Void> remove(String name, Force force);

    /**
     * Removes those that are remembered, pass a filter, and that nobody has mounted.
     *
     * @param all those too whose names somebody chose; else only those with the label {@value VolumeRequest#ANONYMOUS}
     */
    Mono<PruneReport> prune(VolumeFilter filter, boolean all);

    /**
     * Mounts a volume for somebody, until {@link #unmount}. It is mounted again when its plugin comes back after a crash, or the
     * machine after a restart; {@link #inspect} tells whether it is.
     *
     * <p><b>Cancelling</b> before the answer is on its way takes it back, unless it was mounted for the same id before.
     *
     * @param name a volume, which is remembered from then on
     * @param id whose mount it is: 1 to 128 letters, digits and {@code _.-}. Asking again with the same one counts once, and
     *     answers where it is by then. Empty: one is made up
     * @return fails with {@link VolumeNotFoundException}, with {@link PluginConflictException} if the plugin has no
     *     propagated mount, by which the host sees what it mounts, and with {@link VolumeConflictException} if it is mounted
     *     256 times already
     */
    Mono<MountedVolume> mount(String name, Optional<String> id);

    /**
     * Ends a mount, or does nothing if there is none (any more). If this fails because the plugin did not answer, it is tried
     * again by itself.
     */
    Mono<Void> unmount(String name, String id);

    /** What an operator should look at: sentences, empty if all is well. Never waits. */
    List<String> problems();

    /**
     * Releases everything. Nothing is unmounted: that is the end of the plugins. What is under way is given up, and repaired when
     * volumes are opened again. Idempotent.
     */
    Mono<Void> close();
}
