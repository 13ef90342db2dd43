package dev.patchbay.use;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * Who holds one plugin. A set, so that nothing is counted below zero and who is released twice is released once (in moby
 * a number, which a release after a forced disable never lowers, D32). Immutable; one with a holder more or less shares
 * nearly all with the one before.
 */
public final class Holders {
    /** Nobody. */
    public static final Holders NONE = new Holders(TreePMap.empty());

    /** As many labels as a sentence can have. */
    private static final int NAMED = 10;

    private final TreePMap<String, Holder> byId;

    private Holders(TreePMap<String, Holder> byId) {
        this.byId = byId;
    }

    /** All of these. */
    public static Holders of(Collection<Holder> all) {
        Holders holders = NONE;
        for (Holder holder : all) {
            holders = holders.with(holder);
        }
        return holders;
    }

    /** With one more, or with the same if it is there. */
    public Holders with(Holder holder) {
        return new Holders(byId.plus(holder.id(), holder));
    }

    /** With one less, or with the same if it is not there. */
    public Holders without(String id) {
        TreePMap<String, Holder> rest = byId.minus(id);
        return rest.isEmpty() ? NONE : new Holders(rest);
    }

    /** The one with this id. */
    public Optional<Holder> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Whether there is nobody. */
    public boolean isEmpty() {
        return byId.isEmpty();
    }

    /** How many there are. */
    public int size() {
        return byId.size();
    }

    /** All, by their ids. */
    public Stream<Holder> stream() {
        return byId.values().stream();
    }

    /** Those that outlive the engine, by their ids. */
    public List<Holder> durable() {
        return stream().filter(Holder::durable).toList();
    }

    /** Their labels for people, each with how often it occurs: {@code backup, volume db (2)}. Ten at most; see {@link #json}. */
    public String summary() {
        Map<String, Integer> counts = new TreeMap<>();
        stream().forEach(holder -> counts.merge(holder.label(), 1, Integer::sum));
        String named = counts.entrySet()
                .stream()
                .limit(NAMED)
                .map(each -> each.getValue() == 1
                        ? each.getKey()
                        : each.getKey() + " (" + each.getValue() + ")")
                .collect(Collectors.joining(", "));
        return counts.size() <= NAMED ? named : named + " and " + (counts.size() - NAMED) + " more";
    }

    /** All of them, none left out, as a JSON array of objects with {@code id}, {@code label} and {@code durable}. */
    public String json() {
        return stream().map(Holders::json).collect(Collectors.joining(",", "[", "]"));
    }

    /** Texts of holders have no characters that JSON forbids, and ids none that it escapes. */
    private static String json(Holder holder) {
        return "{\"id\":\"" + holder.id() + "\",\"label\":\""
                + holder.label().replace("\\", "\\\\").replace("\"", "\\\"")
                + "\",\"durable\":" + holder.durable() + "}";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Holders holders && byId.equals(holders.byId);
    }

    @Override
    public int hashCode() {
        return byId.hashCode();
    }

    @Override
    public String toString() {
        return byId.values().toString();
    }
}
