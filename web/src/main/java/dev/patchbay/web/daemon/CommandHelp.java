package dev.patchbay.web.daemon;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;

/** The help of a command: what is typed in one column, what it does in another. */
final class CommandHelp {
    private static final int WIDTH = 99;
    private static final int WIDEST_NAMES = 28;
    private static final int GAP = 3;
    private static final String HANGING = "  ";
    private static final String NO_SHORT_SPELLING = "    ";
    private static final Comparator<Option> ORDER = Comparator
            .comparing(CommandHelp::shortest, String.CASE_INSENSITIVE_ORDER)
            .thenComparing(CommandHelp::shortest, Comparator.reverseOrder());

    private CommandHelp() {}

    /** All lines, each ended. */
    static String of(Command command) {
        var lines = new ArrayList<String>();
        lines.add("Usage: " + command.name() + " " + command.synopsis());
        lines.add(command.description());
        lines.add("");
        List<Option> options = command.options().getOptions().stream().sorted(ORDER).toList();
        int column = Math.min(WIDEST_NAMES,
                options.stream().map(CommandHelp::names).mapToInt(String::length).max().orElse(0) + GAP);
        options.forEach(option -> add(lines, column, option));
        lines.addAll(command.footer());
        return String.join("\n", lines) + "\n";
    }

    private static void add(List<String> lines, int column, Option option) {
        String names = names(option);
        List<String> text = wrapped(option.getDescription(), WIDTH - column);
        boolean beside = names.length() < column;
        if (!beside) {
            lines.add(names);
        }
        lines.add(
                (beside ? names : "") + " ".repeat(column - (beside ? names.length() : 0)) + text.getFirst());
        text.stream().skip(1).forEach(line -> lines.add(" ".repeat(column) + line));
    }

    private static String names(Option option) {
        String first = Optional.ofNullable(option.getOpt())
                .map(name -> "-" + name + ", ")
                .orElse(NO_SHORT_SPELLING);
        String label = option.hasArg() ? "=" + option.getArgName() : "";
        return "  " + first + Command.spelling(option)
                + (option.hasOptionalArg() ? "[" + label + "]" : label);
    }

    private static String shortest(Option option) {
        return Optional.ofNullable(option.getOpt()).orElse(option.getLongOpt());
    }

    private static List<String> wrapped(String text, int width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > width && !line.isEmpty()) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(HANGING).append(word);
            } else {
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
        }
        lines.add(line.toString());
        return lines;
    }
}
