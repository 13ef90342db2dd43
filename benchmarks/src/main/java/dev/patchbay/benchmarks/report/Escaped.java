package dev.patchbay.benchmarks.report;

/** Text as it may stand in HTML and SVG, between tags and in quotes. */
final class Escaped {
    private Escaped() {}

    static String of(String text) {
        var out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(it -> {
            switch (it) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(Character.isISOControl(it) && it != '\n' ? ' ' : it);
            }
        });
        return out.toString();
    }
}
