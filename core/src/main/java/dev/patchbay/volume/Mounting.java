package dev.patchbay.volume;

import dev.patchbay.PluginCallException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginUse;
import dev.patchbay.Retryable;
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
    static final String ASKED_FOR = "asked";
    static final String RESTART = "restart";

    private static final Logger LOG = LoggerFactory.getLogger(Mounting.class);

    private final Workshop workshop;

    Mounting(Workshop workshop) {
        this.workshop = workshop;
    }

    /** One attempt. {@code known} is what was promised to its owner before, and stays so if this fails. */
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
        return workshop.drivers()
                .propagatedMount(volume.driver())
                .flatMap(propagated -> workshop.drivers()
                        .acquire(volume.driver(), Holds.ofMount(volume.name(), id))
                        .map(driver -> new Attempt(volume, id, driver, workshop.drivers().start(driver),
                                propagated, volume.mount(id))))
                .flatMap(attempt -> attempt.isThere() ? found(attempt) : made(attempt, caller));
    }

    private Mono<MountedVolume> found(Attempt attempt) {
        String mountpoint = attempt.known().map(Mount::mountpoint).orElse("");
        return workshop.places()
                .find(attempt.driver(), attempt.propagated(), mountpoint)
                .map(path -> answer(attempt, path));
    }

    private Mono<MountedVolume> made(Attempt attempt, Caller caller) {
        return noted(attempt).then(make(attempt)
                .onErrorResume(Throwable.class, failure -> attempt.isPromised()
                        ? Mono.error(failure)
                        : takeBack(attempt, wasTold(failure)).then(Mono.error(failure)))
                .flatMap(path -> caller.isGone() && !attempt.isPromised()
                        ? takeBack(attempt, true).then(Mono.empty())
                        : Mono.just(answer(attempt, path))));
    }

    private Mono<Void> noted(Attempt attempt) {
        return attempt.isPromised()
                ? Mono.empty()
                : write(attempt.volume(), Mount.asked(attempt.id(), attempt.start()))
                        .onErrorResume(PluginException.class,
                                failure -> release(attempt).onErrorComplete(PluginException.class)
                                        .then(Mono.error(failure)));
    }

    private Mono<Path> make(Attempt attempt) {
        Volume volume = attempt.volume();
        return workshop.calls()
                .mount(attempt.driver(), volume.name(), attempt.id())
                .flatMap(mountpoint -> workshop.places()
                        .find(attempt.driver(), attempt.propagated(), mountpoint)
                        .flatMap(path -> {
                            var mount = new Mount(attempt.id(), Step.MOUNTED, attempt.start(), mountpoint,
                                    path.toString());
                            String cause = attempt.isPromised() ? RESTART : ASKED_FOR;
                            return write(volume, mount).then(workshop.news().mounted(volume, mount, cause))
                                    .thenReturn(path);
                        }));
    }

    /** Whether the plugin may have done what it was asked, although that failed. */
    private static boolean wasTold(Throwable failure) {
        return !(failure instanceof PluginCallException.Refused || failure instanceof Retryable);
    }

    /** What cannot be taken back now is written down, and taken back later. */
    private Mono<Void> takeBack(Attempt attempt, boolean told) {
        Volume volume = attempt.volume();
        Mono<Void> untold = told
                ? write(volume, Mount.asked(attempt.id(), attempt.start()).at(Step.LEAVING))
                        .then(workshop.calls().unmount(attempt.driver(), volume.name(), attempt.id()))
                        .onErrorComplete(PluginCallException.Refused.class)
                : Mono.empty();
        return untold
                .then(workshop.file()
                        .update(book -> book.changed(volume.name(), it -> it.without(attempt.id()))))
                .then(release(attempt))
                .onErrorResume(PluginException.class, left -> Mono.fromRunnable(() -> LOG.warn(
                        "volume {} mount {} failed, and is taken back later: {}", volume.name(), attempt.id(),
                        left.getMessage())));
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
