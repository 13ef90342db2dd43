package dev.patchbay.volume;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which volumes somebody wants. Values of one key are alternatives, keys narrow each other, and all labels must fit, as in
 * Docker's filters; an empty list lets everything pass.
 *
 * @param names each a part of a name; with {@code ^} in front its beginning, with {@code $} behind its end
 * @param drivers each the name of a plugin, {@code :latest} left out or not
 * @param labels each {@code KEY} or {@code KEY=VALUE}
 * @param notLabels the same, of which none may fit
 * @param unused whether only those, or only those not, that nobody has mounted; empty: all
 */
public record VolumeFilter(List<String> names, List<String> drivers, List<String> labels,
        List<String> notLabels, Optional<Boolean> unused) {
    /** Everything. */
    public static final VolumeFilter ALL = new VolumeFilter(List.of(), List.of(), List.of(), List.of(),
            Optional.empty());

    private static final String LATEST = ":latest";

    /** Copies. */
    public VolumeFilter {
        names = List.copyOf(names);
        drivers = List.copyOf(drivers);
        labels = List.copyOf(labels);
        notLabels = List.copyOf(notLabels);
    }

    /** Whether a volume passes. */
    public boolean test(VolumeView volume) {
        return any(names, name -> fits(name, volume.name()))
                && any(drivers,
                        driver -> driver.equals(volume.driver())
                                || (driver + LATEST).equals(volume.driver()))
                && labels.stream().allMatch(label -> has(volume.labels(), label))
                && notLabels.stream().noneMatch(label -> has(volume.labels(), label))
                && unused.map(wanted -> wanted == volume.isUnused()).orElse(true);
    }

    private static boolean any(List<String> values, Predicate<String> fits) {
        return values.isEmpty() || values.stream().anyMatch(fits);
    }

    /** No regular expression: what it costs to look for one is decided by whoever sends it. */
    private static boolean fits(String wanted, String name) {
        boolean begins = wanted.startsWith("^");
        boolean ends = wanted.length() > 1 && wanted.endsWith("$");
        String text = wanted.substring(begins ? 1 : 0, wanted.length() - (ends ? 1 : 0));
        if (begins && ends) {
            return name.equals(text);
        }
        return begins ? name.startsWith(text) : ends ? name.endsWith(text) : name.contains(text);
    }

    private static boolean has(Map<String, String> labels, String wanted) {
        String[] halves = wanted.split("=", 2);
        String found = labels.get(halves[0]);
        return found != null && (halves.length == 1 || halves[1].equals(found));
    }
}
