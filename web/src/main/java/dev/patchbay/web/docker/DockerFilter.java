package dev.patchbay.web.docker;

import dev.patchbay.event.PluginEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which events a client wants: an event must pass every key; several values of a key are alternatives. Keys that we do
 * not know are ignored (moby {@code daemon/events/filter.go}). A value: clients that want the same are one group.
 *
 * @param labels what the filters say of labels, taken apart
 */
record DockerFilter(Filters filters, List<Label> labels) {
    /** Matched against id and name of every event, of whatever type: the key is only a word. */
    private static final List<String> ACTORS = List.of("plugin", "container", "volume", "network", "daemon",
            "node", "service", "secret", "config");

    /**
     * What is wanted of an attribute.
     *
     * @param value empty if any will do
     */
    record Label(String key, Optional<String> value) {
        private static Label of(String text) {
            String[] halves = text.split("=", 2);
            return new Label(halves[0], halves.length == 1 ? Optional.empty() : Optional.of(halves[1]));
        }

        private boolean fits(Map<String, String> attributes) {
            String found = attributes.get(key);
            return found != null && (value.isEmpty() || value.get().equals(found));
        }
    }

    DockerFilter(Filters filters) {
        this(filters, filters.of("label").stream().map(Label::of).toList());
    }

    boolean test(PluginEvent event) {
        return passes("type", EventFormat.type(event)::equals)
                && passes("scope", EventFormat.SCOPE::equals)
                && passes("event", EventFormat.action(event)::equals)
                && passes("image", event.pluginHex()::equals)
                && ACTORS.stream().allMatch(key -> passes(key, value -> isActor(event, value)))
                && hasLabels(event);
    }

    private boolean passes(String key, Predicate<String> match) {
        List<String> values = filters.of(key);
        return values.isEmpty() || values.stream().anyMatch(match);
    }

    private static boolean isActor(PluginEvent event, String value) {
        return EventFormat.actor(event).startsWith(value) || event.name().startsWith(value);
    }

    private boolean hasLabels(PluginEvent event) {
        if (labels.isEmpty()) {
            return true;
        }
        Map<String, String> attributes = EventFormat.attributes(event);
        return labels.stream().allMatch(label -> label.fits(attributes));
    }
}
