package dev.patchbay.web.daemon;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The program {@code patchbay}. Exit codes: 0 for success, 1 if the daemon could not start or not stop cleanly, 2 if the
 * command line or the configuration file is wrong, 128 plus its number for a second TERM or INT.
 */
public final class Patchbay {
    private static final int HELP_WIDTH = 100;

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
        CommandLine commands = commands();
        try {
            return execute(commands, commands.parseArgs(arguments));
        } catch (ParameterException e) {
            return refuse(ExitCode.USAGE,
                    sentence(e) + "; see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        } catch (UsageException e) {
            return refuse(e.exitCode(), String.valueOf(e.getMessage()));
        }
    }

    private ExitCode execute(CommandLine commands, ParseResult parsed) {
        ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        CommandLine chosen = command.commandSpec().commandLine();
        if (command.isUsageHelpRequested()) {
            chosen.usage(surroundings.out(), Ansi.AUTO);
            return ExitCode.OK;
        }
        return switch (command.commandSpec().name()) {
            case "serve" ->
                new Serving(surroundings, Flags.given(command), List.copyOf(command.originalArgs())).run();
            case "version" -> {
                surroundings.out().println(ProgramVersion.text());
                yield ExitCode.OK;
            }
            default -> {
                commands.usage(surroundings.err(), Ansi.AUTO);
                yield ExitCode.USAGE;
            }
        };
    }

    static CommandLine commands() {
        CommandSpec serve = command("serve", "Runs the daemon in the foreground until TERM or INT.");
        Flags.addTo(serve);
        serve.usageMessage()
                .customSynopsis("patchbay serve [FLAGS]")
                .footer(
                        "",
                        "HUP reads configuration and token file again: tokens, log-level and shutdown-timeout change at",
                        "once, the log names what needs a restart. TERM and INT stop all plugins and then the daemon, with",
                        "--live-restore the daemon alone; a second one ends it at once. The exit code is 0 after a",
                        "clean stop, 1 if the daemon could not start or not stop in time, 2 if a flag or the",
                        "configuration file is wrong.",
                        "",
                        "Then, for example:  docker -H " + Configuration.DEFAULT_HOST + " plugin ls");
        CommandSpec root = command("patchbay",
                "Runs plugins that ship as OCI images, and speaks Docker's plugin API.");
        root.usageMessage().synopsisSubcommandLabel("COMMAND");
        root.addSubcommand("serve", serve);
        root.addSubcommand("version", command("version", "Prints the version of patchbay and of Java."));
        return new CommandLine(root).setUsageHelpWidth(HELP_WIDTH).setAllowOptionsAsOptionParameters(false);
    }

    private static CommandSpec command(String name, String description) {
        CommandSpec command = CommandSpec.create().name(name);
        command.usageMessage()
                .description(description)
                .optionListHeading("%n")
                .commandListHeading("%nCommands:%n");
        command.addOption(
                OptionSpec.builder("-h", "--help").usageHelp(true).description("Shows this help.").build());
        return command;
    }

    private static String sentence(ParameterException e) {
        String message = String.valueOf(e.getMessage()).strip();
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private ExitCode refuse(ExitCode code, String message) {
        surroundings.err().println("patchbay: " + message);
        return code;
    }
}
