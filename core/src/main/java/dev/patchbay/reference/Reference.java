package dev.patchbay.reference;

import java.util.Optional;

/**
 * A normalised image reference: {@code domain/path[:tag][@digest]}.
 *
 * <p>{@link #parse} fills in what people leave out ({@code docker.io}, {@code library/}); {@link #familiar()} leaves it
 * out again. Source of the rules: the grammar and normalisation of distribution/reference v0.6.0, so that an unmodified
 * {@code docker} command and this class agree on every name.
 *
 * @param domain the registry's host, with a port if one was given
 * @param path the repository within that registry
 * @param tag the tag, if there is one
 * @param digest the digest, if there is one
 */
public record Reference(String domain, String path, Optional<String> tag, Optional<Digest> digest) {

    /** The registry meant where none is named. */
    public static final String DEFAULT_DOMAIN = "docker.io";

    /** The tag meant where neither tag nor digest is given. */
    public static final String DEFAULT_TAG = "latest";

    /** The longest repository path, in characters, without the domain. */
    public static final int MAX_PATH_LENGTH = 255;

    private static final String OFFICIAL = "library/";

    /** Checks each part by the grammar. @throws InvalidReferenceException if one does not fit */
    public Reference {
        if (!ReferenceGrammar.isDomain(domain) || !ReferenceGrammar.isPath(path)) {
            throw new InvalidReferenceException(ReferenceGrammar.INVALID);
        }
        if (path.length() > MAX_PATH_LENGTH) {
            throw new InvalidReferenceException("repository name must not be more than 255 characters");
        }
        if (!tag.map(ReferenceGrammar::isTag).orElse(true)) {
            throw new InvalidReferenceException("invalid tag format");
        }
    }

    /**
     * Reads what a person or client wrote and brings it into normal form. Adds no default tag.
     *
     * @throws InvalidReferenceException if the text is not a reference; the message says what is wrong
     */
    public static Reference parse(String text) {
        return ReferenceGrammar.parseNormalized(text);
    }

    /** The complete form: domain, path, and tag and digest if present. */
    public String full() {
        return name() + suffix();
    }

    /** The complete name without tag and digest. */
    public String name() {
        return domain + "/" + path;
    }

    /** The short form people type: without {@code docker.io/}, and without {@code library/} where that is enough. */
    public String familiar() {
        return familiarName() + suffix();
    }

    /**
     * The short form without tag and digest. The domain stays where the rest alone would be read as another registry's:
     * {@code docker.io/d.e/f} is not {@code d.e/f}, though Docker prints both alike.
     */
    public String familiarName() {
        if (!domain.equals(DEFAULT_DOMAIN) || ReferenceGrammar.beginsWithDomain(path)) {
            return name();
        }
        boolean official = path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0;
        return official ? path.substring(OFFICIAL.length()) : path;
    }

    /** This reference, with the tag {@value #DEFAULT_TAG} if it has neither tag nor digest. */
    public Reference withDefaultTag() {
        return tag.isPresent() || digest.isPresent() ? this : withTag(DEFAULT_TAG);
    }

    /** This reference with another tag. @throws InvalidReferenceException if the tag is not one */
    public Reference withTag(String newTag) {
        return new Reference(domain, path, Optional.of(newTag), digest);
    }

    /** This reference with another digest. */
    public Reference withDigest(Digest newDigest) {
        return new Reference(domain, path, tag, Optional.of(newDigest));
    }

    /** This reference without its digest. */
    public Reference withoutDigest() {
        return new Reference(domain, path, tag, Optional.empty());
    }

    /** This reference without its tag. */
    public Reference withoutTag() {
        return new Reference(domain, path, Optional.empty(), digest);
    }

    /** The complete form, as {@link #full()}. */
    @Override
    public String toString() {
        return full();
    }

    private String suffix() {
        return tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
    }
}
