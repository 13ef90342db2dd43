package dev.patchbay;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.use.Holders;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A plugin that nobody manages: a process that left a file in one of Docker's folders for plugins, to say where it listens
 * (Docker: "legacy", or v1 plugins).
 *
 * @param name what its file is called
 * @param file the file that speaks for it
 * @param address where it listens; empty if the file does not say so
 * @param state whether it can be used
 * @param inUseBy who uses it, which keeps nobody from anything: it is only shown
 */
public record LegacyPlugin(String name, Path file, Optional<PluginAddress> address, State state,
        Holders inUseBy) implements Provider {
    private static final Pattern CAPABILITY = Pattern.compile("[A-Za-z0-9_-]+");

    /** Whether it can be used. */
    public sealed interface State {
        /** It is being asked what it implements, and has not said so yet. */
        record Activating() implements State {}

        /**
         * It can be used.
         *
         * @param subsystems what it implements, as it writes the names
         */
        record Active(Set<String> subsystems) implements State {
            /** Copies. */
            public Active {
                subsystems = Set.copyOf(subsystems);
            }
        }

        /** It did not say what it implements; it is asked again, with pauses, and when somebody wants to use it. */
        record Failing(String error) implements State {}

        /** The file makes no sense. */
        record Unusable(String error) implements State {}
    }

    /** Whether it can do what is asked for, as far as is known: what it implements has no version but the first. */
    public boolean provides(InterfaceType asked) {
        return switch (state) {
            case State.Active(Set<String> subsystems) -> subsystems.stream()
                    .filter(CAPABILITY.asMatchPredicate())
                    .anyMatch(subsystem -> InterfaceType.docker(subsystem).provides(asked));
            case State.Activating _,State.Failing _,State.Unusable _ -> false;
        };
    }

    /** What is wrong with it. */
    public Optional<String> lastError() {
        return switch (state) {
            case State.Failing(String error) -> Optional.of(error);
            case State.Unusable(String error) -> Optional.of(error);
            case State.Activating _,State.Active _ -> Optional.empty();
        };
    }
}
