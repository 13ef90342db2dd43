package dev.patchbay.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a server wants to see before it does something (RFC 9110, section 11.6.1).
 *
 * @param scheme in small letters
 * @param parameters by name in small letters
 */
record Challenge(String scheme, Map<String, String> parameters) {
    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** The challenges in a header; what follows the first mistake is left out. */
    static List<Challenge> parse(String header) {
        return new Parser(header).challenges();
    }

    /** Reads one header. A comma separates challenges as well as parameters: what has no {@code =} begins a challenge. */
    private static final class Parser {
        private static final int LONGEST = 16 << 10;

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        }

        List<Challenge> challenges() {
            List<Challenge> found = new ArrayList<>();
            skip(" \t,");
            Optional<String> scheme = token();
            while (scheme.isPresent()) {
                Map<String, String> parameters = new HashMap<>();
                Optional<String> next = parameters(parameters);
                if (next.isEmpty() && at < text.length()) {
                    return found; // a mistake: what was read of this challenge may be half of it
                }
                found.add(new Challenge(scheme.get().toLowerCase(Locale.ROOT), Map.copyOf(parameters)));
                scheme = next;
            }
            return found;
        }

        /** Fills in parameters; the name of the next challenge's scheme if there is one. */
        private Optional<String> parameters(Map<String, String> into) {
            while (true) {
                skip(" \t,");
                Optional<String> name = token();
                int end = at;
                skip(" \t");
                if (name.isEmpty() || !peek('=')) {
                    at = end;
                    return name;
                }
                at++;
                skip(" \t");
                Optional<String> value = peek('"') ? quoted() : token();
                if (value.isEmpty()) {
                    at = Math.min(at, text.length() - 1);
                    return Optional.empty();
                }
                into.putIfAbsent(name.get().toLowerCase(Locale.ROOT), value.get());
            }
        }

        private Optional<String> token() {
            int start = at;
            while (at < text.length() && isTokenChar(text.charAt(at))) {
                at++;
            }
            return at == start ? Optional.empty() : Optional.of(text.substring(start, at));
        }

        private Optional<String> quoted() {
            var value = new StringBuilder();
            int start = at;
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at++));
            }
            if (at >= text.length()) {
                at = start;
                return Optional.empty();
            }
            at++;
            return Optional.of(value.toString());
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private boolean peek(char wanted) {
            return at < text.length() && text.charAt(at) == wanted;
        }

        private static boolean isTokenChar(char c) {
            return c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
        }
    }
}
