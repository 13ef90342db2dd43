package dev.patchbay.limits;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the rules of a system call profile may depend on beside the capabilities of the plugin.
 *
 * @param architecture as profiles name it: {@code amd64}, {@code arm64}, …
 * @param kernel the version of the kernel that runs
 */
public record SeccompHost(String architecture, Kernel kernel) {
    /**
     * A version of Linux, as far as profiles look at it.
     *
     * @param version the 4 of {@code 4.8}
     * @param revision the 8 of {@code 4.8}
     */
    public record Kernel(int version, int revision) {
        private static final Pattern RELEASE = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})(?:\\D.*)?",
                Pattern.DOTALL);

        /** The version in what {@code uname -r} says; the rest of it is not looked at. */
        public static Optional<Kernel> ofRelease(String release) {
            Matcher match = RELEASE.matcher(release.strip());
            return match.matches()
                    ? Optional.of(
                            new Kernel(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2))))
                    : Optional.empty();
        }

        /** Whether this is that version, or a later one. */
        boolean isAtLeast(Kernel other) {
            return version > other.version || (version == other.version && revision >= other.revision);
        }
    }

    /** The name that profiles have for what Java calls {@code os.arch}. Source: moby/profiles, seccomp. */
    public static String architecture(String osArch) {
        return switch (osArch) {
            case "aarch64" -> "arm64";
            case "x86_64" -> "amd64";
            case "loongarch64", "loong64" -> "loongarch64";
            default -> osArch; // amd64, ppc64le, riscv64, s390x
        };
    }

    /** The name that system calls' architectures have in the OCI runtime spec. */
    String ociArchitecture() {
        return switch (architecture) {
            case "amd64" -> "SCMP_ARCH_X86_64";
            case "arm64" -> "SCMP_ARCH_AARCH64";
            case "loongarch64" -> "SCMP_ARCH_LOONGARCH64";
            default -> "SCMP_ARCH_" + architecture.toUpperCase(java.util.Locale.ROOT);
        };
    }
}
