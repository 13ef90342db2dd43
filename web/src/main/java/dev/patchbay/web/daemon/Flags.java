package dev.patchbay.web.daemon;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The flags of {@code patchbay serve}, made from the table of settings, and what a command line says with them. */
final class Flags {
    private Flags() {}

    /** Adds a flag for each setting. */
    static void addTo(CommandSpec command) {
        for (Setting setting : Setting.values()) {
            OptionSpec.Builder flag = OptionSpec.builder(setting.flags().toArray(String[]::new))
                    .description(setting.help().replace("%", "%%"));
            command.addOption(switch (setting.shape()) {
                case SWITCH -> flag.type(boolean.class)
                        .arity("0..1")
                        .fallbackValue("true")
                        .paramLabel("BOOL")
                        .build();
                case ONE -> flag.type(String.class).arity("1").paramLabel(setting.label()).build();
                case MANY, RUNTIMES -> flag.type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1")
                        .paramLabel(setting.label())
                        .build();
            });
        }
    }

    /** What a parsed command line says. */
    static Given given(ParseResult parsed) {
        Map<Setting, List<String>> texts = new EnumMap<>(Setting.class);
        Map<String, OciRuntime> runtimes = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            if (!parsed.hasMatchedOption(setting.flag())) {
                continue;
            }
            List<String> values = parsed.matchedOption(setting.flag()).stringValues();
            switch (setting.shape()) {
                case ONE, MANY, SWITCH -> texts.put(setting, List.copyOf(values));
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
}
