package dev.patchbay.volume;

import dev.patchbay.volume.DriverCalls.Entry;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Volumes as users see them. Pure. */
final class Views {
    /** How much of what a driver tells is shown. */
    private static final int MOST_STATUS = 64;

    private static final int LONGEST_STATUS = 4096;

    private Views() {}

    /** What a driver says of a volume, if it says something, and in which scope; or why it says nothing. */
    record Told(Optional<Entry> entry, String scope, Optional<String> problem) {
        static Told nothing(String problem) {
            return new Told(Optional.empty(), VolumeView.LOCAL, Optional.of(problem));
        }
    }

    /** One that is remembered. */
    static VolumeView of(Volume volume, Seen plugin, Told told) {
        return new VolumeView(volume.name(), volume.driver(), told.scope(), volume.options(), volume.labels(),
                told.entry().flatMap(Views::createdAt).or(() -> Optional.of(volume.createdAt())),
                told.entry().map(Views::status).orElse(Map.of()),
                volume.allMounts().map(mount -> mount(mount, plugin)).toList(), told.problem());
    }

    /** One that only its driver knows. */
    static VolumeView of(String driver, Entry entry, String scope, Optional<String> problem) {
        return new VolumeView(entry.name(), driver, scope, Map.of(), Map.of(), createdAt(entry),
                status(entry),
                List.of(), problem);
    }

    private static VolumeMount mount(Mount mount, Seen plugin) {
        VolumeMount.State state = switch (mount.step()) {
            case ASKED -> VolumeMount.State.WAITING;
            case LEAVING -> VolumeMount.State.UNMOUNTING;
            case MOUNTED -> plugin instanceof Seen.Runs(Start now, _) && now.equals(mount.start())
                    ? VolumeMount.State.MOUNTED
                    : VolumeMount.State.WAITING;
        };
        return new VolumeMount(mount.id(), state,
                Optional.of(mount.path()).filter(path -> !path.isEmpty()).map(Path::of));
    }

    private static Optional<Instant> createdAt(Entry entry) {
        String text = entry.createdAt();
        try {
            return text == null || text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty(); // drivers write what they like
        }
    }

    private static Map<String, String> status(Entry entry) {
        @Nullable
        JsonNode told = entry.status();
        var status = new TreeMap<String, String>();
        if (told != null && told.isObject()) {
            told.properties()
                    .stream()
                    .limit(MOST_STATUS)
                    .filter(field -> field.getKey().length() <= VolumeNames.LONGEST_KEY)
                    .forEach(field -> {
                        String json = field.getValue().toString();
                        if (json.length() <= LONGEST_STATUS) {
                            status.put(field.getKey(), json);
                        }
                    });
        }
        return status;
    }
}
