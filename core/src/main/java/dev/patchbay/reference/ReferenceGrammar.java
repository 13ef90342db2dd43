package dev.patchbay.reference;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The grammar behind {@link Reference#parse}.
 *
 * <p>A hostile text costs one pass and no stack, whatever its length: what is read for each command is scanned, and the
 * quantifiers of the rest are possessive.
 */
final class ReferenceGrammar {

    static final String INVALID = "invalid reference format";

    private static final Pattern DIGEST = Pattern
            .compile("[A-Za-z][A-Za-z0-9]*+(?:[-_+.][A-Za-z][A-Za-z0-9]*+)*+:[0-9a-fA-F]{32,}+");
    private static final int ID_LENGTH = 64;

    private ReferenceGrammar() {}

    static boolean isDomain(String text) {
        return NameScanner.isDomain(text);
    }

    static boolean isPath(String text) {
        return NameScanner.isPath(text);
    }

    static boolean isTag(String text) {
        return NameScanner.isTag(text);
    }

    /** Whether the first part of the text would be taken for a registry's host. */
    static boolean beginsWithDomain(String text) {
        int slash = text.indexOf('/');
        return slash >= 0 && isExplicitDomain(text.substring(0, slash));
    }

    static Reference parseNormalized(String text) {
        if (text.length() == ID_LENGTH && Digest.isLowerHex(text)) {
            throw new InvalidReferenceException(
                    "invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
        }
        Split split = splitDomain(text);
        int colon = split.remainder().indexOf(':');
        String remote = colon < 0 ? split.remainder() : split.remainder().substring(0, colon);
        if (!lower(remote).equals(remote)) {
            throw new InvalidReferenceException(
                    "invalid reference format: repository name (" + remote + ") must be lowercase");
        }
        return match(split).map(Parts::reference).orElseThrow(() -> mismatch(split));
    }

    private static InvalidReferenceException mismatch(Split split) {
        boolean onlyCase = match(new Split(lower(split.domain()), lower(split.remainder()))).isPresent();
        return new InvalidReferenceException(onlyCase ? "repository name must be lowercase" : INVALID);
    }

    private static Split splitDomain(String text) {
        if (!beginsWithDomain(text)) {
            return official(text);
        }
        int slash = text.indexOf('/');
        String first = text.substring(0, slash);
        String rest = text.substring(slash + 1);
        return first.equals("index.docker.io") || first.equals(Reference.DEFAULT_DOMAIN)
                ? official(rest)
                : new Split(first, rest);
    }

    private static boolean isExplicitDomain(String first) {
        return first.equals("localhost")
                || first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || !lower(first).equals(first);
    }

    private static Split official(String path) {
        return new Split(Reference.DEFAULT_DOMAIN, path.indexOf('/') < 0 ? "library/" + path : path);
    }

    private static Optional<Parts> match(Split split) {
        String rest = split.remainder();
        Optional<String> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = Optional.of(rest.substring(at + 1));
            rest = rest.substring(0, at);
        }
        Optional<String> tag = Optional.empty();
        int colon = rest.indexOf(':');
        if (colon >= 0) {
            tag = Optional.of(rest.substring(colon + 1));
            rest = rest.substring(0, colon);
        }
        boolean fits = isDomain(split.domain())
                && isPath(rest)
                && tag.map(ReferenceGrammar::isTag).orElse(true)
                && digest.map(d -> DIGEST.matcher(d).matches()).orElse(true);
        return fits ? Optional.of(new Parts(split.domain(), rest, tag, digest)) : Optional.empty();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private record Split(String domain, String remainder) {}

    private record Parts(String domain, String path, Optional<String> tag, Optional<String> digest) {

        Reference reference() {
            // The length is judged before the digest, as Docker does: the caller sees the same first error.
            var name = new Reference(domain, path, tag, Optional.empty());
            try {
                return digest.map(Digest::parse).map(name::withDigest).orElse(name);
            } catch (InvalidDigestException e) {
                throw new InvalidReferenceException(e);
            }
        }
    }
}
