package dev.patchbay.web.daemon;

import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/**
 * The program {@code patchbay}. Exit codes: 0 for success, 1 if the daemon could not start or not stop cleanly, 2 if the
 * command line or the configuration file is wrong, 128 plus its number for a second TERM or INT.
 */
public final class Patchbay {
    private static final String PROGRAM = "patchbay";
    private static final String SERVE = "serve";
    private static final String VERSION = "version";
    private static final String HELP = "help";
    private static final Option SHOW_VERSION = Option.builder()
            .longOpt(VERSION)
            .desc("Prints the version.")
            .get();

    private final Surroundings surroundings;

    Patchbay(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Runs the program and ends the process. */
    public static void main(String[] arguments) {
        System.exit(new Patchbay(Surroundings.ofThisProcess()).run(arguments).number());
    }

    /** Runs the program until it is done. Blocks; not for threads of Reactor. */
    ExitCode run(String... arguments) {
        try {
            return run(List.of(arguments));
        } catch (UsageException e) {
            surroundings.err().println("patchbay: " + e.getMessage());
            return e.exitCode();
        }
    }

    private ExitCode run(List<String> arguments) {
        if (arguments.isEmpty()) {
            surroundings.err().print(CommandHelp.of(program()));
            return ExitCode.USAGE;
        }
        List<String> rest = arguments.subList(1, arguments.size());
        return switch (arguments.getFirst()) {
            case SERVE -> {
                Command serve = serve();
                CommandLine parsed = serve.parse(rest);
                yield parsed.hasOption(Command.HELP)
                        ? help(serve)
                        : new Serving(surroundings, Flags.given(serve, parsed), arguments).run();
            }
            case VERSION -> {
                Command version = version();
                yield version.parse(rest).hasOption(Command.HELP) ? help(version) : printVersion();
            }
            case HELP -> {
                var _ = program().parse(rest);
                yield help(program());
            }
            case String option when option.startsWith("-") -> {
                CommandLine parsed = program().parse(arguments);
                yield parsed.hasOption(SHOW_VERSION) ? printVersion() : help(program());
            }
            case String unknown -> throw program().misused("there is no command \"" + unknown + "\""
                    + NearestName.to(unknown, List.of(SERVE, VERSION))
                            .map(name -> " (did you mean " + name + "?)")
                            .orElse(""));
        };
    }

    private ExitCode help(Command command) {
        surroundings.out().print(CommandHelp.of(command));
        return ExitCode.OK;
    }

    private ExitCode printVersion() {
        surroundings.out().println(ProgramVersion.text());
        return ExitCode.OK;
    }

    private static Command program() {
        return new Command(PROGRAM, "[-h] COMMAND",
                "Runs plugins that ship as OCI images, and speaks Docker's plugin API.",
                new Options().addOption(Command.HELP).addOption(SHOW_VERSION),
                List.of("",
                        "Commands:",
                        "  help     Shows this help.",
                        "  serve    " + serve().description(),
                        "  version  " + version().description()));
    }

    private static Command version() {
        return new Command(PROGRAM + " " + VERSION, "[-h]", "Prints the version of patchbay and of Java.",
                new Options().addOption(Command.HELP), List.of());
    }

    /** The daemon's command. */
    static Command serve() {
        return new Command(PROGRAM + " " + SERVE, "[FLAGS]",
                "Runs the daemon in the foreground until TERM or INT.",
                Flags.options().addOption(Command.HELP),
                List.of("",
                        "HUP reads configuration and token file again: tokens, log-level and shutdown-timeout change at",
                        "once, the log names what needs a restart. TERM and INT stop all plugins and then the daemon, with",
                        "--live-restore the daemon alone; a second one ends it at once. The exit code is 0 after a",
                        "clean stop, 1 if the daemon could not start or not stop in time, 2 if a flag or the",
                        "configuration file is wrong.",
                        "",
                        "Then, for example:  docker -H " + Configuration.DEFAULT_HOST + " plugin ls"));
    }
}
