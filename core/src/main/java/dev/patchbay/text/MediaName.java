package dev.patchbay.text;

/**
 * The name in a {@code Content-Type}. There is one way to read it: who decides whether a body is looked at, and who reads
 * it, must not differ.
 */
public final class MediaName {
    private MediaName() {}

    /** What stands before the parameters, without blanks around it, ASCII letters small: other letters are like none of them. */
    public static String of(String contentType) {
        int semicolon = contentType.indexOf(';');
        String name = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        int from = 0;
        int to = name.length();
        while (from < to && isBlank(name.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(name.charAt(to - 1))) {
            to--;
        }
        var text = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            char c = name.charAt(i);
            text.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
        }
        return text.toString();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
