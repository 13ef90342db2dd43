package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.refuse;

import dev.patchbay.engine.PluginState.Left;

/**
 * What commands mean for a plugin that the closing engine leaves as it is: nothing any more. What happens to it from now
 * on is found by the engine that is opened next.
 */
final class LeftRules {
    private LeftRules() {}

    static Decision decide(Left state, Command command) {
        return switch (command) {
            case Command.Asked _ -> refuse(new Refusal.Closing());
            case Command.Reported _ -> IGNORED;
        };
    }
}
