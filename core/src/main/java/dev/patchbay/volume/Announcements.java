package dev.patchbay.volume;

import dev.patchbay.PluginException;
import dev.patchbay.Plugins;
import dev.patchbay.event.EventType;
import dev.patchbay.stream.TimeLimit;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Events of what became of volumes. Told when it is on the disk, and before whoever asked for it hears of success; what cannot
 * be told, as while the journal hangs, has happened all the same.
 */
final class Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Plugins plugins;
    private final Scheduler timers;

    Announcements(Plugins plugins, Scheduler timers) {
        this.plugins = plugins;
        this.timers = timers;
    }

    Mono<Void> created(Volume volume) {
        return tell(EventType.VOLUME_CREATE, attributes(volume));
    }

    Mono<Void> removed(Volume volume) {
        return tell(EventType.VOLUME_DESTROY, attributes(volume));
    }

    Mono<Void> mounted(Volume volume, Mount mount, String cause) {
        Map<String, String> attributes = attributes(volume, mount);
        attributes.put("destination", mount.path());
        attributes.put("cause", cause);
        return tell(EventType.VOLUME_MOUNT, attributes);
    }

    Mono<Void> unmounted(Volume volume, Mount mount, String cause) {
        Map<String, String> attributes = attributes(volume, mount);
        attributes.put("cause", cause);
        return tell(EventType.VOLUME_UNMOUNT, attributes);
    }

    Mono<Void> pruned(int volumes) {
        return tell(EventType.VOLUME_PRUNE, Map.of("reclaimed", "0", "volumes", Integer.toString(volumes)));
    }

    private static Map<String, String> attributes(Volume volume) {
        var attributes = new TreeMap<String, String>();
        attributes.put("volume", volume.name());
        attributes.put("driver", volume.driver());
        return attributes;
    }

    private static Map<String, String> attributes(Volume volume, Mount mount) {
        Map<String, String> attributes = attributes(volume);
        attributes.put("mount", mount.id());
        return attributes;
    }

    private Mono<Void> tell(EventType type, Map<String, String> attributes) {
        return TimeLimit.on(plugins.note(type, attributes), PATIENCE, timers,
                Mono.fromRunnable(() -> LOG.warn("the event {} {} comes late", type.wireName(), attributes)))
                .onErrorResume(PluginException.class, why -> Mono.fromRunnable(
                        () -> LOG.warn("no event {} {}: {}", type.wireName(), attributes, why.getMessage())));
    }
}
