package dev.patchbay.plugin;

import dev.patchbay.reference.InvalidReferenceException;
import dev.patchbay.reference.Reference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The local name of a plugin: a reference with a tag and without a digest, shown in its familiar form.
 *
 * <p>{@code u}, {@code u:latest}, {@code library/u} and {@code docker.io/library/u:latest} are one name.
 */
public final class PluginName implements Comparable<PluginName> {
    private final Reference reference;
    private final String familiar; // made once: each command, each event and each line of the log has it

    /** Checks that there is a tag and no digest. @throws InvalidReferenceException otherwise */
    public PluginName(Reference reference) {
        if (reference.digest().isPresent()) {
            throw new InvalidReferenceException("canonical references are not permitted");
        }
        if (reference.tag().isEmpty()) {
            throw new InvalidReferenceException("a plugin name needs a tag");
        }
        this.reference = reference;
        this.familiar = reference.familiar();
    }

    /**
     * Reads the name a user gives to a plugin, with the default tag if it has none.
     *
     * @throws InvalidReferenceException if it is no reference, or has a digest
     */
    public static PluginName parse(String text) {
        return new PluginName(Reference.parse(text).withDefaultTag());
    }

    /** Reads a text that may name a plugin. Empty if it cannot: no reference, or one with a digest. */
    public static Optional<PluginName> find(String text) {
        try {
            Reference reference = Reference.parse(text);
            return reference.digest().isPresent()
                    ? Optional.empty()
                    : Optional.of(new PluginName(reference.withDefaultTag()));
        } catch (InvalidReferenceException _) {
            return Optional.empty(); // a caller that looks something up goes on with the id prefix
        }
    }

    /** The local name of a plugin pulled from a reference: its digest is dropped, a missing tag becomes the default. */
    public static PluginName of(Reference remote) {
        return new PluginName(remote.withoutDigest().withDefaultTag());
    }

    /** The name in normal form. */
    public Reference reference() {
        return reference;
    }

    /** The familiar form with its tag, as stored and shown. */
    public String familiar() {
        return familiar;
    }

    /** The familiar form without the tag, as events carry it. */
    public String familiarName() {
        return reference.familiarName();
    }

    @Override
    public int compareTo(PluginName other) {
        return familiar.compareTo(other.familiar);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PluginName that && reference.equals(that.reference);
    }

    @Override
    public int hashCode() {
        return reference.hashCode();
    }

    /** The familiar form with its tag. */
    @Override
    public String toString() {
        return familiar;
    }
}
