package dev.patchbay.plugin;

/**
 * One thing that is wrong, or odd, with a configuration.
 *
 * @param field the path of the field, for example {@code env[3].name}; empty for the document as a whole
 * @param sentence what is wrong with it; never repeats a value that may be secret
 */
public record ConfigProblem(String field, String sentence) {

    /** Field and sentence in one line. */
    @Override
    public String toString() {
        return field.isEmpty() ? sentence : field + ": " + sentence;
    }
}
