package dev.patchbay.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The text of a body. There is no other encoding than UTF-8: whoever detected one would read what authorization plugins, which
 * do not, have not seen.
 */
public final class Utf8 {
    private Utf8() {}

    /** The text; empty if the bytes are none. */
    public static Optional<String> decode(byte[] bytes) {
        try {
            return Optional
                    .of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
