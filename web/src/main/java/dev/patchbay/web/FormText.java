package dev.patchbay.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reading of {@code a=b&c=d}, as in queries and forms. Authorization plugins read the same text for themselves: what others
 * than we could read otherwise is refused, and nothing that they may see is passed over.
 */
public final class FormText {
    private static final int MAX_PARAMETERS = 1024;

    private FormText() {}

    /**
     * The values of each name, in their order.
     *
     * @param what what it is the text of, for messages
     * @throws HttpFailure 400 for a broken percent sign, a {@code ;} or {@code #}, a part without a name, or too many
     */
    public static Map<String, List<String>> read(String text, String what) {
        // Go reads no part in which a semicolon is; others take it for the end of one.
        if (text.indexOf(';') >= 0 || text.indexOf('#') >= 0) {
            throw malformed(what, "; and # must be written as %3B and %23");
        }
        var parameters = new LinkedHashMap<String, List<String>>();
        int count = 0;
        for (String part : text.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            if (++count > MAX_PARAMETERS) {
                throw malformed(what, "it has more than " + MAX_PARAMETERS + " parameters");
            }
            int equals = part.indexOf('=');
            if (equals == 0) {
                throw malformed(what, "a parameter has no name");
            }
            String name = decode(equals < 0 ? part : part.substring(0, equals), what);
            String value = equals < 0 ? "" : decode(part.substring(equals + 1), what);
            parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return parameters;
    }

    private static String decode(String text, String what) {
        return percentDecoded(text.replace('+', ' '), what);
    }

    /** Percent-decodes; a plus sign stays one. @throws HttpFailure 400 for a broken percent sign */
    static String percentDecoded(String text, String what) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(hexPair(text, i + 1, what));
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hexPair(String text, int at, String what) {
        if (at + 1 >= text.length() || !isHex(text.charAt(at)) || !isHex(text.charAt(at + 1))) {
            throw malformed(what, "a percent sign needs two hexadecimal digits after it");
        }
        return Character.digit(text.charAt(at), 16) << 4 | Character.digit(text.charAt(at + 1), 16);
    }

    private static boolean isHex(char c) { // digits of other scripts are none
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }

    private static HttpFailure malformed(String what, String why) {
        return HttpFailure.badRequest(what + " is malformed: " + why);
    }
}
