package dev.patchbay.web.daemon;

import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/**
 * One of the program's commands.
 *
 * @param name what the user types, with the program's name before it
 * @param synopsis what follows the name
 * @param description one sentence
 * @param options what can be said with it, {@link #HELP} among it
 * @param footer lines that end the help
 */
record Command(String name, String synopsis, String description, Options options, List<String> footer) {
    /** Asks for the help. */
    static final Option HELP = Option.builder("h").longOpt("help").desc("Shows this help.").get();

    /**
     * Reads what follows the command's name.
     *
     * @throws UsageException if it has no such option, or one lacks its value, is given too often, or is none
     */
    CommandLine parse(List<String> arguments) {
        try {
            CommandLine parsed = DefaultParser.builder()
                    .setAllowPartialMatching(false)
                    .setStripLeadingAndTrailingQuotes(false)
                    .get()
                    .parse(options, arguments.toArray(String[]::new));
            if (!parsed.getArgList().isEmpty()) {
                throw misused("unexpected \"" + parsed.getArgList().getFirst() + "\"");
            }
            return parsed;
        } catch (UnrecognizedOptionException e) {
            throw unknown(e.getOption());
        } catch (MissingArgumentException e) {
            throw misused(spelling(e.getOption()) + " needs a value (" + e.getOption().getArgName() + ")");
        } catch (ParseException e) {
            throw misused(String.valueOf(e.getMessage()));
        }
    }

    /** The complaint about how it was called. */
    UsageException misused(String what) {
        return UsageException.configuration(what + "; see " + name + " --help");
    }

    private UsageException unknown(String typed) {
        int value = typed.indexOf('=');
        String option = value < 0 ? typed : typed.substring(0, value);
        List<String> known = options.getOptions().stream().map(Command::spelling).toList();
        Optional<String> meant = option.startsWith("--") ? NearestName.to(option, known) : Optional.empty();
        return misused(
                "unknown option " + option + meant.map(name -> " (did you mean " + name + "?)").orElse(""));
    }

    /** The long spelling, which each option has. */
    static String spelling(Option option) {
        return "--" + option.getLongOpt();
    }
}
