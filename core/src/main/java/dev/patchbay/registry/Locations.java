package dev.patchbay.registry;

import java.net.URI;

/** Where an answer sends us on to. */
final class Locations {
    private static final int LONGEST = 16 << 10;

    private Locations() {}

    /** The answer's {@code Location}, absolute. @throws RegistryException.Broken if there is none that can be used */
    static URI resolve(Answer answer) {
        String text = answer.header("Location").orElse("");
        if (text.isEmpty() || text.length() > LONGEST) {
            throw new RegistryException.Broken(
                    Failures.sentence(answer.request(), "does not say where to go on"), null);
        }
        try {
            var target = answer.request().url().resolve(text);
            var _ = Origin.of(target); // throws if it is none of HTTP
            if (target.getRawUserInfo() == null) {
                return target;
            }
        } catch (IllegalArgumentException _) {
            // Falls through: the sentence says all that the cause would, and quotes less.
        }
        throw new RegistryException.Broken(
                Failures.sentence(answer.request(), "leads to a place that is no URL of HTTP"), null);
    }
}
