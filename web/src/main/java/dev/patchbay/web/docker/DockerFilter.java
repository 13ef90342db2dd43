package dev.patchbay.web.docker;

import dev.patchbay.event.PluginEvent;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which events a client wants: an event must pass every key; several values of a key are alternatives. Keys that we do
 * not know are ignored (moby {@code daemon/events/filter.go}). A value: clients that want the same are one group.
 */
record DockerFilter(Filters filters) {
    /** Matched against id and name of every event, of whatever type: the key is only a word. */
    private static final List<String> ACTORS = List.of("plugin", "container", "volume", "network", "daemon",
            "node", "service", "secret", "config");

    boolean test(PluginEvent event) {
        return passes("type", EventFormat.type(event)::equals)
                && passes("scope", EventFormat.SCOPE::equals)
                && passes("event", event.type().wireName()::equals)
                && passes("image", event.pluginHex()::equals)
                && ACTORS.stream().allMatch(key -> passes(key, value -> isActor(event, value)))
                && filters.of("label").stream().allMatch(label -> hasLabel(event, label));
    }

    private boolean passes(String key, Predicate<String> match) {
        List<String> values = filters.of(key);
        return values.isEmpty() || values.stream().anyMatch(match);
    }

    private static boolean isActor(PluginEvent event, String value) {
        return event.pluginHex().startsWith(value) || event.name().startsWith(value);
    }

    private static boolean hasLabel(PluginEvent event, String label) {
        String[] halves = label.split("=", 2);
        String value = EventFormat.attributes(event).get(halves[0]);
        return value != null && (halves.length == 1 || value.equals(halves[1]));
    }
}
