package dev.patchbay.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an image was built for, in Go's words (OCI image specification, image index).
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}
 * @param variant such as {@code v8}
 */
public record Platform(String os, String architecture, Optional<String> variant) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int OLDEST_ARM = 5;

    /** Checks the words. @throws InvalidImageException if one is not made of letters, digits and {@code _ . -} */
    public Platform {
        Stream.concat(Stream.of(os, architecture), variant.stream()).forEach(word -> {
            if (!WORD.matcher(word).matches()) {
                throw new InvalidImageException("not the name of a platform: " + JsonObject.quoted(word));
            }
        });
    }

    /** This machine's. */
    public static Platform host() {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return switch (arch) {
            case "x86" -> linux("386", Optional.empty());
            case "aarch64", "arm64" -> linux("arm64", Optional.of("v8"));
            default -> linux(arch, Optional.empty()).normalized();
        };
    }

    private static Platform linux(String architecture, Optional<String> variant) {
        return new Platform("linux", architecture, variant);
    }

    /**
     * The same platform in one spelling: the usual name of the architecture, and no variant where it is the one that
     * everybody means (containerd {@code platforms}, {@code normalizeArch}).
     */
    Platform normalized() {
        String system = os.toLowerCase(Locale.ROOT);
        String plain = variant.map(v -> v.toLowerCase(Locale.ROOT)).orElse("");
        String arch = architecture.toLowerCase(Locale.ROOT);
        return switch (arch) {
            case "x86_64", "x86-64", "amd64" -> of(system, "amd64", plain.equals("v1") ? "" : plain);
            case "i386", "386" -> of(system, "386", "");
            case "aarch64", "arm64" ->
                of(system, "arm64", plain.equals("8") || plain.equals("v8") ? "" : plain);
            case "armhf" -> of(system, "arm", "v7");
            case "armel" -> of(system, "arm", "v6");
            case "arm" ->
                of(system, "arm", plain.isEmpty() ? "v7" : plain.startsWith("v") ? plain : "v" + plain);
            default -> of(system, arch, plain);
        };
    }

    private static Platform of(String os, String architecture, String variant) {
        return new Platform(os, architecture, Optional.of(variant).filter(v -> !v.isEmpty()));
    }

    /** What runs here, in one spelling, best first (containerd {@code platforms}, {@code platformVector}). */
    List<Platform> runnable() {
        Platform self = normalized();
        var all = new ArrayList<>(List.of(self));
        String level = self.variant.orElse("");
        switch (self.architecture) {
            case "amd64", "arm64" -> all.addAll(below(self, level));
            case "arm" -> {
                for (int older = number(level) - 1; older >= OLDEST_ARM; older--) {
                    all.add(of(self.os, "arm", "v" + older));
                }
            }
            default -> {
            }
        }
        return all;
    }

    /** Variants of these build on each other; without a variant, the first is meant. */
    private static List<Platform> below(Platform self, String level) {
        var all = new ArrayList<Platform>();
        int first = self.architecture.equals("amd64") ? 1 : 8;
        for (int older = number(level) - 1; older > first; older--) {
            all.add(of(self.os, self.architecture, "v" + older));
        }
        if (!level.isEmpty()) {
            all.add(of(self.os, self.architecture, ""));
        }
        return all;
    }

    /** The whole number after the {@code v}: 0 if there is none. */
    private static int number(String variant) {
        return variant.matches("v[1-9](\\.[0-9]+)?") ? variant.charAt(1) - '0' : 0;
    }

    /** As people write it: {@code linux/arm64/v8}. */
    @Override
    public String toString() {
        return os + "/" + architecture + variant.map(v -> "/" + v).orElse("");
    }
}
