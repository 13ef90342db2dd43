package dev.patchbay.volume;

import dev.patchbay.PluginCallException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PluginUse;
import dev.patchbay.Retryable;
import dev.patchbay.VolumeConflictException;
import dev.patchbay.VolumeConflictException.Kind;
import dev.patchbay.volume.Lanes.Caller;
import dev.patchbay.volume.Mount.Step;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Mounting a volume, in its turn. The plugin is held first, then it is written down that it is asked, then it is asked, then it
 * is written down that the volume is there, and then its owner hears of that. Cut off anywhere in between, what is written down
 * says what must be taken back.
 */
final class Mounting {
    /** How often one volume may be mounted: whoever has more forgets to unmount. */
    static final int MOST_MOUNTS = 256;

    static final String ASKED_FOR = "asked";
    static final String RESTART = "restart";

    private static final Logger LOG = LoggerFactory.getLogger(Mounting.class);

    private final Workshop workshop;
    private final Unmounting unmounting;

    Mounting(Workshop workshop, Unmounting unmounting) {
        this.workshop = workshop;
        this.unmounting = unmounting;
    }

    /** One attempt. {@code known} was promised to its owner before, if it is there, and stays so if this fails. */
    private record Attempt(Volume volume, String id, PluginUse driver, Start start, String propagated,
            Optional<Mount> known) {
        boolean isPromised() {
            return known.filter(mount -> mount.step() == Step.MOUNTED).isPresent();
        }

        boolean isThere() {
            return known.filter(mount -> mount.step() == Step.MOUNTED && mount.start().equals(start))
                    .isPresent();
        }
    }

    /**
     * Mounts it for somebody, or finds it mounted for them already.
     *
     * @return empty if they do not want to know any more: it is taken back then, unless it was promised before
     */
    Mono<MountedVolume> mount(Volume volume, String id, Caller caller) {
        return cleared(volume, id)
                .flatMap(rest -> begun(rest, id))
                .flatMap(attempt -> attempt.isThere() ? found(attempt) : made(attempt, caller));
    }

    /**
     * What is left of a mount with that id is unmounted first: what is written of it is all that anybody knows of it, and a
     * plugin may count what it is asked for.
     */
    private Mono<Volume> cleared(Volume volume, String id) {
        return volume.mount(id)
                .filter(mount -> mount.step() != Step.MOUNTED)
                .map(left -> workshop.drivers()
                        .seen(volume)
                        .flatMap(plugin -> clear(volume, left, plugin))
                        .then(Mono.fromSupplier(() -> workshop.file()
                                .book()
                                .find(volume.name())
                                .orElseGet(() -> volume.without(id)))))
                .orElseGet(() -> Mono.just(volume));
    }

    private Mono<Void> clear(Volume volume, Mount left, Seen plugin) {
        return switch (MountRules.next(left, plugin)) {
            case UNMOUNT -> unmounting.end(volume, left);
            case FORGET -> unmounting.forget(volume, left, Unmounting.why(plugin));
            case NOTHING, MOUNT -> Mono.error(() -> new PluginUnavailableException(volume.driver(), "plugin "
                    + volume.driver() + " does not run now, and mount " + left.id() + " of volume "
                    + volume.name() + " is to be unmounted first"));
        };
    }

    private Mono<Attempt> begun(Volume volume, String id) {
        if (volume.mount(id).isEmpty() && volume.mounts().size() >= MOST_MOUNTS) {
            return Mono.error(() -> new VolumeConflictException(volume.name(), Kind.TOO_MANY, "volume "
                    + volume.name() + " is mounted " + MOST_MOUNTS
                    + " times already; unmount some that are not needed"));
        }
        return workshop.drivers()
                .propagatedMount(volume.driver())
                .flatMap(propagated -> workshop.drivers()
                        .acquire(volume.driver(), Holds.ofMount(volume.name(), id))
                        .map(driver -> new Attempt(volume, id, driver, workshop.drivers().start(driver),
                                propagated, volume.mount(id))));
    }

    private Mono<MountedVolume> found(Attempt attempt) {
        String mountpoint = attempt.known().map(Mount::mountpoint).orElse("");
        return workshop.places()
                .find(attempt.driver(), attempt.propagated(), mountpoint)
                .map(path -> answer(attempt, path));
    }

    private Mono<MountedVolume> made(Attempt attempt, Caller caller) {
        return noted(attempt).then(asked(attempt)).flatMap(said -> there(attempt, said, caller));
    }

    private Mono<Void> noted(Attempt attempt) {
        return attempt.isPromised()
                ? Mono.empty()
                : write(attempt.volume(), Mount.asked(attempt.id(), attempt.start()))
                        .onErrorResume(PluginException.class,
                                failure -> release(attempt).onErrorComplete(PluginException.class)
                                        .then(Mono.error(failure)));
    }

    private Mono<String> asked(Attempt attempt) {
        return workshop.calls()
                .mount(attempt.driver(), attempt.volume().name(), attempt.id())
                .onErrorResume(Throwable.class,
                        failure -> (wasTold(failure) ? takenBack(attempt) : untold(attempt))
                                .then(Mono.error(failure)));
    }

    /** Whether the plugin may have mounted it, although {@code Mount} failed. */
    private static boolean wasTold(Throwable failure) {
        return !(failure instanceof PluginCallException.Refused || failure instanceof Retryable);
    }

    /** Once the plugin has mounted it, whatever fails is a reason to take that back. */
    private Mono<MountedVolume> there(Attempt attempt, String said, Caller caller) {
        return placed(attempt, said)
                .onErrorResume(Throwable.class, failure -> takenBack(attempt).then(Mono.error(failure)))
                .flatMap(mount -> caller.isGone() && !attempt.isPromised()
                        ? takenBack(attempt).then(Mono.empty())
                        : told(attempt, mount, caller));
    }

    private Mono<Mount> placed(Attempt attempt, String said) {
        return workshop.calls()
                .mountpoint(attempt.driver(), attempt.volume().name(), said)
                .flatMap(mountpoint -> workshop.places()
                        .find(attempt.driver(), attempt.propagated(), mountpoint)
                        .map(path -> new Mount(attempt.id(), Step.MOUNTED, attempt.start(), mountpoint,
                                path.toString())))
                .flatMap(mount -> write(attempt.volume(), mount).thenReturn(mount));
    }

    private Mono<MountedVolume> told(Attempt attempt, Mount mount, Caller caller) {
        if (!attempt.isPromised()) {
            caller.undoIfGone(unmounting.unmount(attempt.volume(), mount));
        }
        return workshop.news()
                .mounted(attempt.volume(), mount, attempt.isPromised() ? RESTART : ASKED_FOR)
                .thenReturn(answer(attempt, Path.of(mount.path())));
    }

    /** What cannot be taken back now is written down, and taken back later. One that was promised stays so. */
    private Mono<Void> takenBack(Attempt attempt) {
        Volume volume = attempt.volume();
        Mono<Void> unmounted = workshop.calls()
                .unmount(attempt.driver(), volume.name(), attempt.id())
                .onErrorComplete(PluginCallException.Refused.class);
        Mono<Void> work = attempt.isPromised()
                ? unmounted // for it is tried again, and a plugin may count
                : write(volume, Mount.asked(attempt.id(), attempt.start()).at(Step.LEAVING))
                        .then(unmounted)
                        .then(struck(attempt));
        return noting(attempt, work);
    }

    private Mono<Void> untold(Attempt attempt) {
        return attempt.isPromised() ? Mono.empty() : noting(attempt, struck(attempt));
    }

    private Mono<Void> struck(Attempt attempt) {
        return workshop.file()
                .update(book -> book.changed(attempt.volume().name(), it -> it.without(attempt.id())))
                .then(release(attempt));
    }

    private static Mono<Void> noting(Attempt attempt, Mono<Void> work) {
        return work.onErrorResume(PluginException.class, left -> Mono.fromRunnable(() -> LOG.warn(
                "volume {} mount {} failed, and is taken back later: {}", attempt.volume().name(),
                attempt.id(), left.getMessage())));
    }

    private Mono<Void> release(Attempt attempt) {
        return workshop.drivers()
                .release(attempt.driver().name(), Holds.ofMount(attempt.volume().name(), attempt.id()));
    }

    private Mono<Void> write(Volume volume, Mount mount) {
        return workshop.file().update(book -> book.changed(volume.name(), it -> it.with(mount))).then();
    }

    private static MountedVolume answer(Attempt attempt, Path path) {
        return new MountedVolume(attempt.volume().name(), attempt.driver().name(), attempt.id(), path);
    }
}
