package dev.patchbay.legacy;

import dev.patchbay.LegacyPlugin;
import dev.patchbay.LegacyPlugin.State;
import dev.patchbay.PluginAddress;
import dev.patchbay.legacy.Sighting.Meaning;
import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The legacy plugins that are known. Immutable.
 *
 * @param byName all of them
 * @param starts how many times one was found, or found changed: the number of the newest
 */
record Roster(SortedMap<String, Entry> byName, int starts) {
    static final Roster EMPTY = new Roster(new TreeMap<>(), 0);

    /** Each has a client and a socket or two. */
    static final int MOST = 256;

    /** Wraps. */
    Roster {
        byName = Collections.unmodifiableSortedMap(byName);
    }

    /**
     * One plugin.
     *
     * @param sighting the file that speaks for it
     * @param start the number under which it was found so
     */
    record Entry(LegacyPlugin plugin, Sighting sighting, int start) {
        private Entry with(State state) {
            return new Entry(new LegacyPlugin(plugin.name(), plugin.file(), plugin.address(), state,
                    plugin.inUseBy()), sighting, start);
        }

        private Entry with(Holders holders) {
            return new Entry(new LegacyPlugin(plugin.name(), plugin.file(), plugin.address(), plugin.state(),
                    holders), sighting, start);
        }
    }

    /** What is there by now; whatever has not changed stays what it is. */
    Roster found(Map<String, Sighting> sightings) {
        var next = new TreeMap<String, Entry>();
        int count = starts;
        for (var each : new TreeMap<>(sightings).entrySet()) {
            if (next.size() == MOST) {
                break;
            }
            Entry known = byName.get(each.getKey());
            next.put(each.getKey(), known != null && known.sighting().isSamePlugin(each.getValue())
                    ? known
                    : entry(each.getKey(), each.getValue(), ++count));
        }
        return new Roster(next, count);
    }

    private Entry entry(String name, Sighting sighting, int start) {
        Holders holders = find(name).map(known -> known.plugin().inUseBy()).orElse(Holders.NONE);
        return new Entry(new LegacyPlugin(name, sighting.file(), address(sighting.meaning()),
                state(sighting.meaning()), holders), sighting, start);
    }

    private static Optional<PluginAddress> address(Meaning meaning) {
        return switch (meaning) {
            case Meaning.Target(PluginAddress address, _) -> Optional.of(address);
            case Meaning.Unusable _,Meaning.PassedOver _,Meaning.Absent _ -> Optional.empty();
        };
    }

    private static State state(Meaning meaning) {
        return switch (meaning) {
            case Meaning.Target _ -> new State.Activating();
            case Meaning.Unusable(String problem) -> new State.Unusable(problem);
            case Meaning.PassedOver(String problem) -> new State.Unusable(problem);
            case Meaning.Absent _ -> new State.Unusable("there is no file");
        };
    }

    Optional<Entry> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** All, by name. */
    List<LegacyPlugin> plugins() {
        return byName.values().stream().map(Entry::plugin).toList();
    }

    /** What one says of itself, or does not; news of an earlier start is none. */
    Roster told(String name, int start, State state) {
        return changed(name, entry -> entry.start() == start ? entry.with(state) : entry);
    }

    Roster held(String name, Holder holder) {
        return changed(name, entry -> entry.with(entry.plugin().inUseBy().with(holder)));
    }

    Roster released(String name, String holder) {
        return changed(name, entry -> entry.with(entry.plugin().inUseBy().without(holder)));
    }

    private Roster changed(String name, UnaryOperator<Entry> change) {
        Entry known = byName.get(name);
        if (known == null) {
            return this;
        }
        var next = new TreeMap<>(byName);
        next.put(name, change.apply(known));
        return new Roster(next, starts);
    }

    /** Those of the others that are not here, be it that they are gone or that they are others by now. */
    Collection<Entry> without(Roster other) {
        return byName.values()
                .stream()
                .filter(entry -> other.find(entry.plugin().name())
                        .filter(same -> same.start() == entry.start())
                        .isEmpty())
                .toList();
    }
}
