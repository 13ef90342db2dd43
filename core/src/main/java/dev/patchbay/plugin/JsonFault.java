package dev.patchbay.plugin;

import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** What is wrong with text that is not JSON, in words for who wrote it. */
public final class JsonFault {
    private JsonFault() {}

    /**
     * The reason without a place. May quote a few characters of the text.
     *
     * @param fault what the parser threw; its own words name its switches and classes where they are of no use
     */
    public static String reason(JacksonException fault) {
        return switch (fault) {
            case UnexpectedEndOfInputException _ -> "it ends in the middle of a value";
            case StreamConstraintsException _ ->
                "it is nested too deeply, or a text or number in it is too long";
            default -> fault.getOriginalMessage();
        };
    }
}
