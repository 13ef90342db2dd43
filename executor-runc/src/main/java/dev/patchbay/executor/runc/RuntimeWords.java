package dev.patchbay.executor.runc;

import dev.patchbay.json.JsonTrees;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Makes what a runtime wrote about a failure fit for people: one line, no nested escapes, no time stamps. */
final class RuntimeWords {
    private static final int MAX_CHARS = 1000;
    private static final Pattern LOGRUS_MESSAGE = Pattern.compile("\\bmsg=(\"(?:[^\"\\\\]|\\\\.)*\"|\\S+)");
    private static final Pattern NOISE = Pattern.compile("^(?:\\d{4}-\\d\\d-\\d\\dT\\S+:\\s+"
            + "|\\[conmon:[a-z]\\]:\\s+"
            + "|(?:runc|crun)(?: \\w+ failed)?:\\s+"
            + "|\\S*container_linux\\.go:\\d+:\\s+"
            + "|unable to start container process:\\s+"
            + "|starting container process caused:\\s+"
            + "|(?i:error|fatal):\\s+)+");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    private RuntimeWords() {}

    /** The words of the first of these texts that has any; each is a runtime's log or error stream. */
    static Optional<String> firstOf(List<String> texts) {
        return texts.stream().flatMap(text -> readable(text).stream()).findFirst();
    }

    /** The last complaint in a runtime's log or error stream; empty if there is none. */
    static Optional<String> readable(String text) {
        List<String> complaints = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .flatMap(line -> complaint(line).stream())
                .toList();
        return complaints.isEmpty() ? Optional.empty() : Optional.of(clean(complaints.getLast()));
    }

    private static Optional<String> complaint(String line) {
        if (line.startsWith("{")) {
            return complaintOfJson(line);
        }
        Matcher logrus = LOGRUS_MESSAGE.matcher(line);
        if (line.startsWith("time=") && logrus.find()) {
            return line.contains("level=warning") || line.contains("level=info")
                    ? Optional.empty()
                    : Optional.of(unquote(logrus.group(1)));
        }
        return Optional.of(line);
    }

    private static Optional<String> complaintOfJson(String line) {
        try {
            JsonNode node = JsonTrees.LENIENT.read(line);
            String level = node.path("level").asString("error");
            String message = node.path("msg").asString("");
            boolean mild = level.equals("warning") || level.equals("info") || level.equals("debug");
            return mild || message.isBlank() ? Optional.empty() : Optional.of(message);
        } catch (JacksonException _) {
            return Optional.of(line);
        }
    }

    // A quoted Go string is a JSON string but for \x.. and \a, which runtimes do not write in messages.
    private static String unquote(String quoted) {
        if (!quoted.startsWith("\"")) {
            return quoted;
        }
        try {
            return JsonTrees.LENIENT.read(quoted).stringValue();
        } catch (JacksonException _) {
            return quoted.substring(1, quoted.length() - 1);
        }
    }

    private static String clean(String complaint) {
        String oneLine = CONTROL.matcher(complaint).replaceAll(" ").strip();
        String words = NOISE.matcher(oneLine).replaceFirst("");
        String kept = words.isBlank() ? oneLine : words;
        return kept.length() <= MAX_CHARS ? kept : kept.substring(0, MAX_CHARS) + "…";
    }
}
