package dev.patchbay.volume;

import dev.patchbay.Force;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginUse;
import dev.patchbay.VolumeConflictException;
import dev.patchbay.volume.Found.OfDriver;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.pcollections.TreePMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Removing a volume, in its turn: its driver removes it, then it is forgotten, then the plugin is let go. */
final class Removal {
    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

    private final Workshop workshop;
    private final Search search;
    private final Unmounting unmounting;

    Removal(Workshop workshop, Search search, Unmounting unmounting) {
        this.workshop = workshop;
        this.search = search;
        this.unmounting = unmounting;
    }

    /** Removes it; with force also if its driver cannot, or does not. */
    Mono<Void> remove(String name, Force force) {
        return Mono.defer(() -> workshop.file()
                .book()
                .find(name)
                .map(volume -> known(volume, force))
                .orElseGet(() -> unknown(name, force)));
    }

    private Mono<Void> known(Volume volume, Force force) {
        return workshop.drivers()
                .seen(volume)
                .flatMapMany(plugin -> Flux.fromStream(volume.allMounts()
                        .filter(mount -> MountRules.next(mount, plugin) == MountRules.Next.FORGET)))
                .concatMap(mount -> unmounting.forget(volume, mount, "plugin gone"))
                .then(Mono.defer(() -> workshop.file()
                        .book()
                        .find(volume.name())
                        .map(rest -> unmounted(rest, force))
                        .orElseGet(Mono::empty)));
    }

    private Mono<Void> unmounted(Volume volume, Force force) {
        if (!volume.mounts().isEmpty()) {
            return Mono.error(new VolumeConflictException(volume.name(), VolumeConflictException.Kind.IN_USE,
                    "remove " + volume.name() + ": volume is in use - ["
                            + volume.allMounts().map(Mount::id).collect(Collectors.joining(", ")) + "]"));
        }
        return byDriver(volume)
                .onErrorResume(PluginException.class, failure -> force == Force.YES
                        ? Mono.fromRunnable(() -> LOG.warn(
                                "volume {} is forgotten by force; its driver may still have it: {}",
                                volume.name(), failure.getMessage()))
                        : Mono.error(failure))
                .then(workshop.file().update(book -> book.without(volume.name())))
                .then(gone(volume));
    }

    /** The plugin is let go, and that is told. */
    private Mono<Void> gone(Volume volume) {
        return workshop.drivers()
                .release(volume.driver(), Holds.ofVolume(volume.name()))
                .onErrorResume(PluginException.class, left -> Mono.fromRunnable(() -> LOG.warn(
                        "volume {} still holds its plugin: {}", volume.name(), left.getMessage())))
                .then(workshop.news().removed(volume));
    }

    private Mono<Void> byDriver(Volume volume) {
        return workshop.drivers().lookUp(volume.driver()).flatMap(use -> byDriver(use, volume.name()));
    }

    /** Whoever refuses to remove what it has not, has removed it; anybody else still has it. */
    private Mono<Void> byDriver(PluginUse use, String name) {
        return workshop.calls()
                .remove(use, name)
                .onErrorResume(PluginCallException.Refused.class, refused -> workshop.calls()
                        .lacks(use, name)
                        .onErrorReturn(PluginException.class, false) // nobody knows
                        .flatMap(lacks -> lacks ? Mono.empty() : Mono.<Void>error(refused)));
    }

    private Mono<Void> unknown(String name, Force force) {
        return search.find(name).flatMap(found -> {
            if (found.volume().isEmpty()) {
                return force == Force.YES // whoever could not be asked, as in Docker
                        ? Mono.<Void>empty()
                        : Mono.<Void>error(Search.missing(name, found.failures()));
            }
            OfDriver volume = found.volume().get();
            // It may hold its plugin all the same, if what was remembered of it was lost.
            return workshop.drivers()
                    .lookUp(volume.driver())
                    .flatMap(use -> byDriver(use, name))
                    .then(gone(new Volume(name, volume.driver(), Map.of(), Map.of(), Instant.EPOCH,
                            TreePMap.empty())));
        });
    }
}
