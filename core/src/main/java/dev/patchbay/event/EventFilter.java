package dev.patchbay.event;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which events somebody wants. Values of one key are alternatives, keys narrow each other, as in Docker's filters. A
 * value: equal filters are evaluated once per event, however many views have them.
 *
 * @param types only these kinds; empty means all
 * @param plugins only these plugins; empty means all, and what happens to the engine
 * @param capabilities only plugins that can do one of these, in lower case; empty means all, and the engine
 */
public record EventFilter(Set<EventType> types, Set<Wanted> plugins, Set<String> capabilities) {
    /** Everything. */
    public static final EventFilter ALL = new EventFilter(Set.of(), Set.of(), Set.of());

    /** Copies all three. */
    public EventFilter {
        types = Set.copyOf(types);
        plugins = Set.copyOf(plugins);
        capabilities = Set.copyOf(capabilities);
    }

    /**
     * Makes one from texts.
     *
     * @param plugins each a name in any form, or at least twelve digits of an id
     * @param capabilities each the word, such as {@code volumedriver}, or all of it, {@code docker.volumedriver/1.0}; in
     *     any case
     */
    public static EventFilter of(Collection<EventType> types, Collection<String> plugins,
            Collection<String> capabilities) {
        return new EventFilter(
                Set.copyOf(types),
                plugins.stream().map(Wanted::of).collect(Collectors.toSet()),
                capabilities.stream().map(EventFilter::lower).collect(Collectors.toSet()));
    }

    // Written out, here and below: what Java makes for records is slow at first, and each start compares some.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventFilter filter && types.equals(filter.types)
                && plugins.equals(filter.plugins) && capabilities.equals(filter.capabilities);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * types.hashCode() + plugins.hashCode()) + capabilities.hashCode();
    }

    /** Only these kinds. */
    public static EventFilter types(EventType... types) {
        return new EventFilter(Set.of(types), Set.of(), Set.of());
    }

    /**
     * One plugin, as somebody called it.
     *
     * @param name the stored form of the name, or the text itself if it is none
     * @param idPrefix the text, if it is long enough to be taken for an id; else empty
     */
    public record Wanted(String name, String idPrefix) {
        private static final Pattern ID_PREFIX = Pattern
                .compile("[0-9a-f]{" + PluginId.SHORT_LENGTH + ",}");

        /** Reads a name in any form, or at least twelve digits of an id. */
        public static Wanted of(String text) {
            return new Wanted(
                    PluginName.find(text).map(PluginName::familiar).orElse(text),
                    // A shorter prefix is more likely the name of another plugin: "cafe" is hexadecimal, too.
                    ID_PREFIX.matcher(text).matches() ? text : "");
        }

        private boolean is(String hex, String pluginName) {
            return (!idPrefix.isEmpty() && hex.startsWith(idPrefix)) || pluginName.equals(name);
        }
    }

    /** Whether everything passes. */
    public boolean isAll() {
        return types.isEmpty() && plugins.isEmpty() && capabilities.isEmpty();
    }

    /** Whether an event passes. */
    public boolean test(PluginEvent event) {
        return test(event.type(), event.pluginHex(), event.name(), event.types());
    }

    /** Whether a plugin passes, whatever happens to it: the types of events do not count. */
    public boolean concerns(PluginId id, String name, List<InterfaceType> pluginTypes) {
        return (plugins.isEmpty() || isWanted(id.hex(), name))
                && (capabilities.isEmpty() || can(pluginTypes));
    }

    /** Whether an event passes of which only this much is known; {@code hex} is empty if there is no id. */
    boolean test(EventType type, String hex, String name, List<InterfaceType> pluginTypes) {
        return (types.isEmpty() || types.contains(type))
                && (plugins.isEmpty() || isWanted(hex, name))
                && (capabilities.isEmpty() || can(pluginTypes));
    }

    private boolean isWanted(String hex, String name) {
        for (Wanted wanted : plugins) {
            if (wanted.is(hex, name)) {
                return true;
            }
        }
        return false;
    }

    private boolean can(List<InterfaceType> pluginTypes) {
        for (InterfaceType type : pluginTypes) {
            if (capabilities.contains(lower(type.capability()))
                    || capabilities.contains(lower(type.toString()))) {
                return true;
            }
        }
        return false;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
