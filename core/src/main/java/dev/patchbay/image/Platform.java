package dev.patchbay.image;

import java.util.Locale;
import java.util.Optional;

/**
 * What an image was built for, in Go's words (OCI image specification, image index).
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}
 * @param variant such as {@code v8}
 */
public record Platform(String os, String architecture, Optional<String> variant) {
    /** This machine's. */
    public static Platform host() {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return switch (arch) {
            case "amd64", "x86_64" -> linux("amd64", Optional.empty());
            case "aarch64", "arm64" -> linux("arm64", Optional.of("v8"));
            case "arm" -> linux("arm", Optional.of("v7"));
            case "x86", "i386" -> linux("386", Optional.empty());
            default -> linux(arch, Optional.empty());
        };
    }

    private static Platform linux(String architecture, Optional<String> variant) {
        return new Platform("linux", architecture, variant);
    }

    /** As people write it: {@code linux/arm64/v8}. */
    @Override
    public String toString() {
        return os + "/" + architecture + variant.map(v -> "/" + v).orElse("");
    }
}
