package dev.patchbay.authz;

import dev.patchbay.PluginCallException;
import dev.patchbay.PluginException;
import dev.patchbay.Retryable;
import dev.patchbay.authz.Verdict.Cure;

/** What a plugin's answer means, or that there is none. */
final class AuthzRules {
    static final Verdict ALLOWED = new Verdict.Allowed();

    private static final int LONGEST_MESSAGE = 8 << 10;

    private AuthzRules() {}

    /** Of an answer: what is no clear yes is a no. */
    static Verdict judge(String plugin, Phase phase, AuthzAnswer answer) {
        return switch (answer.allow()) {
            case Boolean allow when allow -> ALLOWED;
            case Boolean _ -> denied(plugin, answer.message());
            case null -> denied(plugin, answer.message());
            default -> new Verdict.Failed(plugin,
                    phase.method() + ": the answer makes no sense: Allow is neither true nor false",
                    Cure.REPAIR);
        };
    }

    private static Verdict denied(String plugin, String message) {
        return new Verdict.Denied(plugin,
                message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)));
    }

    /**
     * Of a call that came to nothing. That a plugin answers with {@code Err} is one of these, whatever else it says (moby
     * looks at {@code Allow} alone, D75).
     */
    static Verdict judge(String plugin, Phase phase, PluginException failure) {
        String text = failure instanceof PluginCallException.Refused refused && !refused.text().isBlank()
                ? refused.text()
                : String.valueOf(failure.getMessage());
        return new Verdict.Failed(plugin, phase.method() + ": " + text,
                failure instanceof Retryable ? Cure.TIME : Cure.REPAIR);
    }

    /** Whether a plugin that fails so may just be gone: it said nothing. */
    static boolean isSilence(PluginException failure) {
        return switch (failure) {
            case PluginCallException call -> switch (call) {
                case PluginCallException.Refused _,PluginCallException.Unreadable _,PluginCallException.TooLarge _,PluginCallException.NotImplemented _,PluginCallException.OtherScheme _ ->
                    false;
                case PluginCallException.Broken _,PluginCallException.TimedOut _,PluginCallException.Unreachable _,PluginCallException.Ended _,PluginCallException.CircuitOpen _,PluginCallException.TooMany _ ->
                    true;
            };
            default -> true;
        };
    }
}
