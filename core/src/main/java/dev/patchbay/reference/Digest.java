package dev.patchbay.reference;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The digest of some content: {@code sha256:} and 64 lower-case hexadecimal digits, or one of the two longer kinds.
 *
 * <p>Rules: OCI image specification, "Digests"; the error texts are those of the Go library that Docker uses.
 *
 * @param algorithm how the content was hashed
 * @param hex the hash, in lower-case hexadecimal digits
 */
public record Digest(Algorithm algorithm, String hex) {

    /** How many digits {@link #shortHex()} has. */
    public static final int SHORT_LENGTH = 12;

    private static final Pattern FOREIGN = Pattern
            .compile("[a-z0-9]++(?:[.+_-][a-z0-9]++)*+:[a-zA-Z0-9=_-]++");

    /** Checks length and digits. @throws InvalidDigestException if they do not fit the algorithm */
    public Digest {
        if (hex.length() != algorithm.hexLength()) {
            throw new InvalidDigestException("invalid checksum digest length");
        }
        if (!isLowerHex(hex)) {
            throw new InvalidDigestException("invalid checksum digest format");
        }
    }

    /**
     * Reads the text form.
     *
     * @throws InvalidDigestException if the text is no digest, or one of an algorithm we do not know
     */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0 || colon + 1 == text.length()) {
            throw new InvalidDigestException("invalid checksum digest format");
        }
        return Algorithm.named(text.substring(0, colon))
                .map(algorithm -> new Digest(algorithm, text.substring(colon + 1)))
                .orElseThrow(() -> new InvalidDigestException(FOREIGN.matcher(text).matches()
                        ? "unsupported digest algorithm"
                        : "invalid checksum digest format"));
    }

    /** Hashes content that is in memory with SHA-256, the algorithm everything new is stored under. */
    public static Digest sha256(byte[] content) {
        return of(Algorithm.SHA256, Algorithm.SHA256.newMessageDigest().digest(content));
    }

    /** Makes a digest of a finished hash, for callers that hashed a stream. */
    public static Digest of(Algorithm algorithm, byte[] hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash));
    }

    /** The first twelve digits, for people. Not unique. */
    public String shortHex() {
        return hex.substring(0, SHORT_LENGTH);
    }

    /** The text form that {@link #parse} reads: {@code algorithm:hex}. */
    @Override
    public String toString() {
        return algorithm.text() + ":" + hex;
    }

    /** Whether a text has no other characters than lower-case hexadecimal digits. */
    public static boolean isLowerHex(String text) {
        for (int at = 0; at < text.length(); at++) { // no stream: each plugin's folder is looked at many times
            char c = text.charAt(at);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    /** A registered hash algorithm. */
    public enum Algorithm {
        /** The usual one. */
        SHA256("sha256", 64, "SHA-256"),
        /** Seen in the wild on a few registries. */
        SHA384("sha384", 96, "SHA-384"),
        /** The second one the OCI specification registers. */
        SHA512("sha512", 128, "SHA-512");

        private final String text;
        private final int hexLength;
        private final String javaName;

        Algorithm(String text, int hexLength, String javaName) {
            this.text = text;
            this.hexLength = hexLength;
            this.javaName = javaName;
        }

        /** Finds the algorithm by the word before the colon. */
        public static Optional<Algorithm> named(String text) {
            return Arrays.stream(values()).filter(a -> a.text.equals(text)).findFirst();
        }

        /** The word before the colon. */
        public String text() {
            return text;
        }

        /** The number of hexadecimal digits. */
        public int hexLength() {
            return hexLength;
        }

        /** A new, empty hash of this kind. Belongs to one thread. */
        public MessageDigest newMessageDigest() {
            try {
                return MessageDigest.getInstance(javaName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java runtime lacks " + javaName, e);
            }
        }
    }
}
