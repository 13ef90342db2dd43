package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything that was ever told, and in which epoch: what all views are measured by. */
final class Told {
    /** By their numbers; null for what was trimmed before anybody could hear of it. */
    private final Map<String, List<@Nullable PluginEvent>> epochs = new HashMap<>();

    private @Nullable AssertionError failure;

    /** What was heard is wrong. */
    void fail(AssertionError why) {
        if (failure == null) {
            failure = why;
        }
    }

    /** Fails if anything that was heard is wrong. */
    void check() {
        if (failure != null) {
            throw failure;
        }
    }

    /** Told live. */
    void add(PluginEvent event) {
        List<@Nullable PluginEvent> epoch = epochs.computeIfAbsent(event.cursor().epoch(),
                _ -> new ArrayList<>());
        assertThat(event.seq()).as("no number twice, none left out: %s", event.cursor())
                .isEqualTo(epoch.size() + 1L);
        epoch.add(event);
    }

    /** In a journal that a new process found: told now, if not before, and the same if before. */
    void find(PluginEvent event) {
        List<@Nullable PluginEvent> epoch = epochs.computeIfAbsent(event.cursor().epoch(),
                _ -> new ArrayList<>());
        if (event.seq() <= epoch.size()) {
            assertThat(event).isEqualTo(epoch.get((int) event.seq() - 1));
        } else {
            while (epoch.size() < event.seq() - 1) {
                epoch.add(null);
            }
            add(event);
        }
    }

    boolean knows(Cursor cursor) {
        return cursor.seq() <= head(cursor.epoch());
    }

    PluginEvent at(Cursor cursor) {
        List<@Nullable PluginEvent> epoch = epochs.getOrDefault(cursor.epoch(), List.of());
        assertThat(cursor.seq()).as("was told: %s", cursor).isBetween(1L, (long) epoch.size());
        return Objects.requireNonNull(epoch.get((int) cursor.seq() - 1), cursor::toString);
    }

    long head(String epoch) {
        return epochs.getOrDefault(epoch, List.of()).size();
    }

    /** The first event after one place up to another that passes a filter. */
    Optional<PluginEvent> first(Cursor after, Cursor upTo, EventFilter filter) {
        List<@Nullable PluginEvent> epoch = epochs.getOrDefault(after.epoch(), List.of());
        int last = (int) Math.min(upTo.seq(), epoch.size());
        return after.seq() >= last
                ? Optional.empty()
                : epoch.subList((int) after.seq(), last)
                        .stream()
                        .filter(event -> event != null && filter.test(event))
                        .<PluginEvent>map(Objects::requireNonNull)
                        .findFirst();
    }
}
