package dev.patchbay.plugin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which plugins a list shows.
 *
 * <p>A plugin passes if it is in the wanted state and any of its types has any of the capabilities. In moby one type that
 * differs hides the plugin, one without types always shows, and {@code umm} finds {@code dummy} (defect D5). Moby also
 * takes regular expressions; Java's can be made to run for ever by whoever writes them, so here only {@code *} (or
 * {@code .*}) stands for any characters.
 *
 * @param enabled the state asked for, if any
 * @param capabilities whole words in any case, possibly with {@code *}, of which one must fit; none for no condition
 */
public record PluginFilter(Optional<Boolean> enabled, List<String> capabilities) {

    /** Shows every plugin. */
    public static final PluginFilter ALL = new PluginFilter(Optional.empty(), List.of());

    private static final Pattern ANY = Pattern.compile("\\.?\\*");

    /** Copies. */
    public PluginFilter {
        capabilities = List.copyOf(capabilities);
    }

    /** Whether the list shows this plugin. */
    public boolean test(InstalledPlugin plugin) {
        return enabled.map(wanted -> wanted == plugin.enabled()).orElse(true)
                && (capabilities.isEmpty() || plugin.config().api().types().stream().anyMatch(this::matches));
    }

    private boolean matches(InterfaceType type) {
        return capabilities.stream().anyMatch(asked -> matches(asked, type.capability()));
    }

    private static boolean matches(String asked, String word) {
        List<String> parts = List.of(ANY.split(lower(asked), -1));
        String rest = lower(word);
        if (parts.size() == 1) {
            return rest.equals(parts.getFirst());
        }
        if (!rest.startsWith(parts.getFirst())) {
            return false;
        }
        int from = parts.getFirst().length();
        for (String part : parts.subList(1, parts.size() - 1)) {
            int at = rest.indexOf(part, from);
            if (at < 0) {
                return false;
            }
            from = at + part.length();
        }
        return rest.length() - from >= parts.getLast().length() && rest.endsWith(parts.getLast());
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
