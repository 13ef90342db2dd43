package dev.patchbay.volume;

import dev.patchbay.PluginCallException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PluginUse;
import dev.patchbay.volume.Mount.Step;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Unmounting a volume, in its turn. That its owner does not want it any more is written down before the plugin is told, so that
 * it is told again, if need be after a restart.
 */
final class Unmounting {
    private static final Logger LOG = LoggerFactory.getLogger(Unmounting.class);

    private final Workshop workshop;

    Unmounting(Workshop workshop) {
        this.workshop = workshop;
    }

    /** Ends a mount for its owner. */
    Mono<Void> unmount(Volume volume, Mount mount) {
        return workshop.drivers().seen(volume).flatMap(plugin -> switch (plugin) {
            case Seen.Gone _ -> forget(volume, mount, why(plugin));
            case Seen.Away _ -> write(volume, mount.at(Step.LEAVING)).then(Mono.error(
                    () -> new PluginUnavailableException(volume.driver(), "plugin " + volume.driver()
                            + " does not run now; the volume is unmounted as soon as it does")));
            case Seen.Runs(Start now, _) -> mount.start().equals(now)
                    ? tell(volume, mount)
                    : forget(volume, mount, why(plugin));
        });
    }

    /** Why a mount is not there that nobody ended. */
    static String why(Seen plugin) {
        return plugin instanceof Seen.Gone ? "plugin gone" : "plugin restarted";
    }

    private Mono<Void> tell(Volume volume, Mount mount) {
        return write(volume, mount.at(Step.LEAVING)).then(end(volume, mount))
                .onErrorResume(PluginCallException.Refused.class, refused -> write(volume, mount)
                        .then(Mono.error(refused)));
    }

    /** Tells the plugin of a mount that is leaving, and forgets it. Fails as long as the plugin keeps it. */
    Mono<Void> end(Volume volume, Mount mount) {
        return workshop.drivers()
                .lookUp(volume.driver())
                .flatMap(driver -> workshop.calls()
                        .unmount(driver, volume.name(), mount.id())
                        .onErrorResume(PluginCallException.Refused.class,
                                refused -> refused(driver, volume, mount, refused)))
                .then(forget(volume, mount, Mounting.ASKED_FOR));
    }

    /** A plugin may refuse because there is nothing to unmount any more; nobody can tell that from its words. */
    private Mono<Void> refused(PluginUse driver, Volume volume, Mount mount,
            PluginCallException.Refused refused) {
        if (!mount.wasThere()) {
            return Mono.empty();
        }
        Path path = Path.of(mount.path());
        return workshop.drivers()
                .propagatedMount(volume.driver())
                .flatMap(propagated -> workshop.places()
                        .detachIfDead(driver, propagated, path)
                        .flatMap(dead -> dead
                                ? workshop.calls()
                                        .unmount(driver, volume.name(), mount.id())
                                        .onErrorComplete(PluginCallException.Refused.class)
                                : workshop.places()
                                        .isMounted(driver, propagated, path)
                                        .flatMap(there -> there ? Mono.<Void>error(refused) : Mono.empty())));
    }

    /** Strikes a mount out that is not there any more. Of one that nobody was told of, nobody is told that it ended. */
    Mono<Void> forget(Volume volume, Mount mount, String cause) {
        return workshop.file()
                .update(book -> book.changed(volume.name(), it -> it.without(mount.id())))
                .then(letGo(volume, mount.id()))
                .then(mount.wasThere() ? workshop.news().unmounted(volume, mount, cause) : Mono.empty());
    }

    /** The plugin is not held for a mount that is not there any more. */
    Mono<Void> letGo(Volume volume, String mount) {
        return workshop.drivers()
                .release(volume.driver(), Holds.ofMount(volume.name(), mount))
                // Found again by whoever keeps volumes.
                .onErrorResume(PluginException.class, left -> Mono.fromRunnable(() -> LOG.warn(
                        "volume {} mount {} still holds its plugin: {}", volume.name(), mount,
                        left.getMessage())));
    }

    private Mono<Void> write(Volume volume, Mount mount) {
        return workshop.file().update(book -> book.changed(volume.name(), it -> it.with(mount))).then();
    }
}
