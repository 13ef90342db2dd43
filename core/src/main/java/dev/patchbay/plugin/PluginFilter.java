package dev.patchbay.plugin;

import java.io.Serial;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which plugins a list shows.
 *
 * <p>A plugin passes if it is in the wanted state and any of its types has any of the capabilities. In moby one type that
 * differs hides the plugin, one without types always shows, and {@code umm} finds {@code dummy} (defect D5).
 *
 * @param enabled the state asked for, if any
 * @param capabilities words, or regular expressions for whole words, of which one must fit; none for no condition
 */
public record PluginFilter(Optional<Boolean> enabled, List<String> capabilities) {

    /** Shows every plugin. */
    public static final PluginFilter ALL = new PluginFilter(Optional.empty(), List.of());

    private static final int MAX_PATTERN = 256;
    private static final int MAX_WORD = 128;
    private static final int MAX_STEPS = 100_000;

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
        if (asked.equalsIgnoreCase(word)) {
            return true;
        }
        if (asked.length() > MAX_PATTERN || word.length() > MAX_WORD) {
            return false;
        }
        try {
            return Pattern.compile(asked, Pattern.CASE_INSENSITIVE).matcher(new Budgeted(word)).matches();
        } catch (PatternSyntaxException | StepsExhausted _) {
            return false; // Docker, too, lets a broken expression match nothing
        }
    }

    /** A word that stops an expression which tries too many ways to match it. Pattern and word come from outside. */
    private static final class Budgeted implements CharSequence {

        private final String word;
        private int steps;

        Budgeted(String word) {
            this.word = word;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MAX_STEPS) {
                throw new StepsExhausted();
            }
            return word.charAt(index);
        }

        @Override
        public int length() {
            return word.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return word.subSequence(start, end);
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private static final class StepsExhausted extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1L;

        StepsExhausted() {
            super(null, null, false, false);
        }
    }
}
