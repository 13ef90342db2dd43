package dev.patchbay.plugin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A list being edited by name. Of several entries with one name the first counts, as in Docker. */
final class NamedEntries<T> {

    private final List<T> entries;
    private final Map<String, Integer> positions = new HashMap<>();
    private final Map<String, T> published = new HashMap<>();

    /**
     * Starts to edit.
     *
     * @param entries what there is
     * @param published what the author declared; serves where the entry to be changed is missing, as in directories in
     *     which an older engine upgraded the plugin without its settings
     */
    NamedEntries(List<T> entries, List<T> published, Function<T, String> name) {
        this.entries = new ArrayList<>(entries);
        for (int i = 0; i < entries.size(); i++) {
            positions.putIfAbsent(name.apply(entries.get(i)), i);
        }
        published.forEach(entry -> this.published.putIfAbsent(name.apply(entry), entry));
    }

    /** Changes the entry of that name, which was declared. */
    void replace(String name, UnaryOperator<T> change) {
        Integer position = positions.get(name);
        if (position == null) {
            positions.put(name, entries.size());
            entries.add(change.apply(Objects.requireNonNull(published.get(name), name)));
        } else {
            entries.set(position, change.apply(entries.get(position)));
        }
    }

    List<T> all() {
        return List.copyOf(entries);
    }
}
