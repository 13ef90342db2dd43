package dev.patchbay.volume;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginUse;
import dev.patchbay.VolumeConflictException;
import dev.patchbay.VolumeConflictException.Kind;
import java.time.Clock;
import java.util.Map;
import org.pcollections.TreePMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Making a volume, in its turn: the plugin is held, then it makes the volume, then that is written down. Cut off before the
 * last, the volume is one that the driver has and nobody remembers, which making it again finds.
 */
final class Creation {
    private static final Logger LOG = LoggerFactory.getLogger(Creation.class);
    private static final String NO_DRIVER = "Patchbay has no volumes of its own: name an enabled volume plugin, as by"
            + " docker volume create -d PLUGIN ";

    private final Workshop workshop;
    private final Search search;
    private final Clock clock;

    Creation(Workshop workshop, Search search, Clock clock) {
        this.workshop = workshop;
        this.search = search;
        this.clock = clock;
    }

    /** The volume, which may have been there before. */
    Mono<Volume> create(VolumeRequest request) {
        return Mono.defer(() -> workshop.file()
                .book()
                .find(request.name())
                .map(known -> same(known, request))
                .orElseGet(() -> request.driver().isEmpty() ? anybodys(request) : make(request)));
    }

    /** As Docker: whoever has it already, has it; unless the driver does not know it any more, which then makes it again. */
    private Mono<Volume> same(Volume known, VolumeRequest request) {
        return request.driver().isEmpty()
                ? Mono.just(known)
                : workshop.drivers()
                        .canonical(request.driver())
                        .flatMap(driver -> driver.equals(known.driver())
                                ? isLost(known).flatMap(
                                        lost -> lost ? make(again(known, request)) : Mono.just(known))
                                : Mono.error(new VolumeConflictException(known.name(), Kind.OTHER_DRIVER,
                                        "create "
                                                + known.name() + ": driver '" + known.driver()
                                                + "' already has volume '"
                                                + known.name() + "': volume name must be unique")));
    }

    /** What is not said anew is as it was. */
    private static VolumeRequest again(Volume known, VolumeRequest request) {
        return new VolumeRequest(request.name(), request.driver(),
                request.options().isEmpty() ? known.options() : request.options(),
                request.labels().isEmpty() ? known.labels() : request.labels());
    }

    private Mono<Boolean> isLost(Volume known) {
        return workshop.drivers()
                .lookUp(known.driver())
                .flatMap(use -> workshop.calls().lacks(use, known.name()))
                .onErrorReturn(PluginException.class, false); // nobody knows
    }

    private Mono<Volume> anybodys(VolumeRequest request) {
        return search.find(request.name())
                .flatMap(found -> found.volume()
                        .map(volume -> adopt(request.name(), volume.driver(), request.labels()))
                        .orElseGet(() -> Mono.error(new InvalidRequestException("create " + request.name()
                                + ": no driver is named, and no plugin has that volume; " + NO_DRIVER
                                + request.name(), null))));
    }

    /** Remembers a volume that its driver has already. */
    Mono<Volume> adopt(String name, String driver, Map<String, String> labels) {
        var request = new VolumeRequest(name, driver, Map.of(), labels);
        return workshop.drivers()
                .acquire(driver, Holds.ofVolume(name))
                .flatMap(use -> remember(request, use).onErrorResume(PluginException.class,
                        failure -> release(request, use).then(Mono.error(failure))));
    }

    private Mono<Volume> make(VolumeRequest request) {
        return workshop.drivers()
                .acquire(request.driver(), Holds.ofVolume(request.name()))
                .onErrorMap(PluginNotFoundException.class, missing -> request.driver().equals("local")
                        ? new InvalidRequestException("create " + request.name()
                                + ": there is no driver \"local\" here; " + NO_DRIVER + request.name(),
                                missing)
                        : missing)
                .flatMap(use -> made(request, use)
                        .flatMap(isNew -> remember(request, use).onErrorResume(PluginException.class,
                                failure -> (isNew ? undo(request, use) : Mono.<Void>empty())
                                        .then(Mono.error(failure))))
                        .onErrorResume(Throwable.class,
                                failure -> release(request, use).then(Mono.error(failure))));
    }

    /** Whether it is new; a driver that refuses because it has it already is not asked for more. */
    private Mono<Boolean> made(VolumeRequest request, PluginUse use) {
        return workshop.calls()
                .create(use, request.name(), request.options())
                .thenReturn(true)
                .onErrorResume(PluginCallException.Refused.class, refused -> workshop.calls()
                        .get(use, request.name())
                        .map(_ -> false)
                        .switchIfEmpty(Mono.error(refused)));
    }

    private Mono<Volume> remember(VolumeRequest request, PluginUse use) {
        var volume = new Volume(request.name(), use.name(), request.options(), request.labels(),
                clock.instant(), TreePMap.empty());
        return workshop.file().update(book -> {
            if (book.all().size() >= Book.MOST_VOLUMES) {
                throw new VolumeConflictException(volume.name(), Kind.TOO_MANY, "there are "
                        + Book.MOST_VOLUMES + " volumes already; remove some that are not needed");
            }
            // One that its driver had lost keeps its mounts, which are made again.
            return book.with(book.find(volume.name()).map(Volume::mounts).map(volume::with).orElse(volume));
        }).then(workshop.news().created(volume)).thenReturn(volume);
    }

    private Mono<Void> undo(VolumeRequest request, PluginUse use) {
        if (workshop.file().book().find(request.name()).isPresent()) {
            return Mono.empty(); // it was there before, and still is
        }
        // Queued behind what failed: should that still come into effect, it is taken back.
        return workshop.file()
                .update(book -> book.without(request.name()))
                .onErrorComplete(PluginException.class)
                .then(workshop.calls().remove(use, request.name()))
                .onErrorResume(PluginException.class, left -> Mono.fromRunnable(() -> LOG.warn(
                        "volume {} could not be remembered, and is still there: {}", request.name(),
                        left.getMessage())));
    }

    /** Of one that was remembered before, the hold stays. */
    private Mono<Void> release(VolumeRequest request, PluginUse use) {
        return workshop.file().book().find(request.name()).isPresent()
                ? Mono.empty()
                : workshop.drivers()
                        .release(use.name(), Holds.ofVolume(request.name()))
                        .onErrorResume(PluginException.class, left -> Mono.fromRunnable(() -> LOG.warn(
                                "volume {} still holds its plugin: {}", request.name(), left.getMessage())));
    }
}
