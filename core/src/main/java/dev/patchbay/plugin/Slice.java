package dev.patchbay.plugin;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A list as Docker's JSON has it: absent, which is written {@code null}, or written, which may be empty.
 *
 * <p>For every purpose but printing the two are the same, so most callers iterate or take {@link #items()}.
 *
 * @param items the elements, none if absent
 * @param absent whether the list is {@code null} in JSON
 * @param <T> what it holds
 */
public record Slice<T>(List<T> items, boolean absent) implements Iterable<T> {

    /** Copies the elements. @throws IllegalArgumentException if an absent list has some */
    public Slice {
        items = List.copyOf(items);
        if (absent && !items.isEmpty()) {
            throw new IllegalArgumentException("an absent list has no elements");
        }
    }

    /** The list that is written {@code null}. */
    public static <T> Slice<T> none() {
        return new Slice<>(List.of(), true);
    }

    /** A written list, also when empty. */
    public static <T> Slice<T> of(List<T> items) {
        return new Slice<>(items, false);
    }

    /** Whether there are no elements. */
    public boolean isEmpty() {
        return items.isEmpty();
    }

    /** The number of elements. */
    public int size() {
        return items.size();
    }

    /** The elements in order. */
    public Stream<T> stream() {
        return items.stream();
    }

    @Override
    public Iterator<T> iterator() {
        return items.iterator();
    }
}
