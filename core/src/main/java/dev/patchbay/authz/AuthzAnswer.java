package dev.patchbay.authz;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin answers. {@code Err} is the client's business.
 *
 * @param allow whatever stands there: only a JSON {@code true} is a yes, and no text or number is made one
 * @param message why not
 */
record AuthzAnswer(@JsonProperty("Allow") @Nullable Object allow, @JsonProperty("Msg") String message) {}
