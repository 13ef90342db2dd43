package dev.patchbay.volume;

import java.util.Collection;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.pcollections.TreePMap;

/**
 * All volumes that are remembered. Immutable; one with a change shares nearly all with the one before.
 *
 * @param byName by their names
 */
record Book(TreePMap<String, Volume> byName) {
    static final Book EMPTY = new Book(TreePMap.empty());

    /** As many as all plugins together may reasonably have. */
    static final int MOST_VOLUMES = 10_000;

    Optional<Volume> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Collection<Volume> all() {
        return byName.values();
    }

    Book with(Volume volume) {
        return new Book(byName.plus(volume.name(), volume));
    }

    Book without(String name) {
        return new Book(byName.minus(name));
    }

    /** With one volume changed, if it is there. */
    Book changed(String name, UnaryOperator<Volume> change) {
        return find(name).map(volume -> with(change.apply(volume))).orElse(this);
    }
}
