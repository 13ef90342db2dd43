package dev.patchbay.text;

/** Text from outside, fit for a message: short, on one line, without control characters. */
public final class Quoted {
    private static final int LONGEST = 300;

    private Quoted() {}

    /** The text, cut off if it is long; what could move a cursor, or hide or reorder text, becomes a blank. */
    public static String shortened(String text) {
        var plain = new StringBuilder();
        text.codePoints()
                .limit(LONGEST)
                .forEach(point -> plain.appendCodePoint(isVisible(point) ? point : ' '));
        String line = plain.toString().strip().replaceAll(" {2,}", " ");
        return text.codePointCount(0, text.length()) > LONGEST ? line + "…" : line;
    }

    /** Whether a character neither moves a cursor, nor hides or reorders text. */
    public static boolean isVisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
                    Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }
}
