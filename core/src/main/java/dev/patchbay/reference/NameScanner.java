package dev.patchbay.reference;

/**
 * Tells domains, paths and tags from other texts. Each command names a plugin, so these are read by hand: as regular
 * expressions they took a third of a command's time.
 *
 * <pre>{@code
 * domain    = host [":" digits]
 * host      = "[" (hexadecimal | ":")+ "]" | label ("." label)*
 * label     = alphanumeric+ ("-"+ alphanumeric+)*
 * path      = component ("/" component)*
 * component = lower+ (("." | "_" | "__" | "-"+) lower+)*        lower: a to z, digits
 * tag       = (alphanumeric | "_") (alphanumeric | "_" | "." | "-"){0,127}
 * }</pre>
 *
 * <p>Methods that read a part return where it ends, or {@link #NONE}.
 */
final class NameScanner {
    private static final int NONE = -1;
    private static final int LONGEST_TAG = 128;

    private NameScanner() {}

    static boolean isDomain(String text) {
        int at = text.startsWith("[") ? address(text) : host(text);
        return at != NONE && (at == text.length() || isPort(text, at));
    }

    static boolean isPath(String text) {
        int at = component(text, 0);
        while (at != NONE && at < text.length()) {
            at = text.charAt(at) == '/' ? component(text, at + 1) : NONE;
        }
        return at != NONE;
    }

    static boolean isTag(String text) {
        if (text.isEmpty() || text.length() > LONGEST_TAG || isDotOrHyphen(text.charAt(0))) {
            return false;
        }
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (!isAlphanumeric(c) && c != '_' && !isDotOrHyphen(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPort(String text, int colon) {
        if (text.charAt(colon) != ':' || colon + 1 == text.length()) {
            return false;
        }
        for (int at = colon + 1; at < text.length(); at++) {
            if (!isDigit(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    private static int address(String text) {
        int at = 1;
        while (at < text.length() && (isHexadecimal(text.charAt(at)) || text.charAt(at) == ':')) {
            at++;
        }
        return at > 1 && at < text.length() && text.charAt(at) == ']' ? at + 1 : NONE;
    }

    private static int host(String text) {
        int at = label(text, 0);
        while (at != NONE && at < text.length() && text.charAt(at) == '.') {
            at = label(text, at + 1);
        }
        return at;
    }

    private static int label(String text, int from) {
        int at = alphanumerics(text, from);
        while (at != NONE && at < text.length() && text.charAt(at) == '-') {
            at = alphanumerics(text, hyphens(text, at));
        }
        return at;
    }

    private static int component(String text, int from) {
        int at = lowers(text, from);
        while (at != NONE && at < text.length() && isSeparator(text.charAt(at))) {
            at = lowers(text, separator(text, at));
        }
        return at;
    }

    private static int separator(String text, int from) {
        return switch (text.charAt(from)) {
            case '-' -> hyphens(text, from);
            case '_' -> from + (from + 1 < text.length() && text.charAt(from + 1) == '_' ? 2 : 1);
            default -> from + 1;
        };
    }

    private static int hyphens(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        return at;
    }

    private static int alphanumerics(String text, int from) {
        int at = from;
        while (at < text.length() && isAlphanumeric(text.charAt(at))) {
            at++;
        }
        return at == from ? NONE : at;
    }

    private static int lowers(String text, int from) {
        int at = from;
        while (at < text.length() && isLower(text.charAt(at))) {
            at++;
        }
        return at == from ? NONE : at;
    }

    private static boolean isSeparator(char c) {
        return c == '_' || isDotOrHyphen(c);
    }

    private static boolean isDotOrHyphen(char c) {
        return c == '.' || c == '-';
    }

    private static boolean isAlphanumeric(char c) {
        return isLower(c) || (c >= 'A' && c <= 'Z');
    }

    private static boolean isLower(char c) {
        return (c >= 'a' && c <= 'z') || isDigit(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHexadecimal(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
