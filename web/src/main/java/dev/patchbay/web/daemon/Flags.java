package dev.patchbay.web.daemon;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** The flags of {@code patchbay serve}, made from the table of settings, and what a command line says with them. */
final class Flags {
    /** What a switch says that has no value. */
    private static final String ON = "true";

    private Flags() {}

    /** A flag for each setting. */
    static Options options() {
        var options = new Options();
        for (Setting setting : Setting.values()) {
            Option.Builder flag = setting.flags().size() > 1
                    ? Option.builder(setting.flags().getFirst().substring(1))
                    : Option.builder();
            flag.longOpt(setting.flag().substring(2)).desc(setting.help());
            options.addOption(switch (setting.shape()) {
                case SWITCH -> flag.optionalArg(true).argName("BOOL").get();
                case ONE, MANY, RUNTIMES -> flag.hasArg().argName(setting.label()).get();
            });
        }
        return options;
    }

    /**
     * What a parsed command line of a command says.
     *
     * @throws UsageException if a flag is given twice that has one value
     */
    static Given given(Command command, CommandLine parsed) {
        Map<Setting, List<String>> texts = new EnumMap<>(Setting.class);
        Map<String, OciRuntime> runtimes = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            List<String> values = values(setting, parsed);
            if (values.isEmpty()) {
                continue;
            }
            switch (setting.shape()) {
                case ONE, SWITCH -> {
                    if (values.size() > 1) {
                        throw command.misused(setting.flag() + " is given twice");
                    }
                    texts.put(setting, values);
                }
                case MANY -> texts.put(setting, values);
                case RUNTIMES -> values.stream().map(OciRuntime::parse).forEach(runtime -> {
                    if (runtimes.put(runtime.getKey(), runtime.getValue()) != null) {
                        throw UsageException
                                .configuration("--add-runtime " + runtime.getKey() + " is given twice");
                    }
                });
            }
        }
        return new Given(texts, runtimes);
    }

    /** One for each time that the flag is given. */
    private static List<String> values(Setting setting, CommandLine parsed) {
        return Arrays.stream(parsed.getOptions())
                .filter(option -> Command.spelling(option).equals(setting.flag()))
                .map(option -> option.getValue(ON))
                .toList();
    }
}
