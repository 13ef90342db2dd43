package dev.patchbay.web.daemon;

import dev.patchbay.limits.LimitsJson;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.limits.Seccomp;
import dev.patchbay.limits.SeccompProfile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What plugins may use and do.
 *
 * @param limits all of it, but for a profile that is in a file
 * @param profile that file
 */
record PluginLimiting(PluginLimits limits, Optional<Path> profile) {
    // As Docker's --memory: digits, and perhaps a unit.
    private static final Pattern MEMORY = Pattern.compile("([0-9]{1,18})(b|k|m|g|kb|mb|gb|)");

    /** Judges what was given. @throws UsageException for the first thing that is wrong */
    static PluginLimiting of(Given given) {
        String seccomp = given.one(Setting.SECCOMP_PROFILE).orElse("unconfined");
        try {
            var limits = new PluginLimits(
                    value(given.one(Setting.MEMORY_LIMIT).map(PluginLimiting::bytes)),
                    value(given.one(Setting.CPU_LIMIT).map(LimitsJson::nanoCpus)),
                    value(given.one(Setting.PIDS_LIMIT).map(PluginLimiting::count)),
                    given.isOn(Setting.NO_NEW_PRIVILEGES),
                    given.isOn(Setting.READ_ONLY_ROOTFS),
                    seccomp.equals("builtin") ? new Seccomp.Builtin() : new Seccomp.Unconfined());
            return new PluginLimiting(limits, file(seccomp));
        } catch (IllegalArgumentException e) {
            throw UsageException.configuration(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Path> file(String seccomp) {
        if (seccomp.equals("builtin") || seccomp.equals("unconfined")) {
            return Optional.empty();
        }
        if (!seccomp.startsWith("/") || seccomp.indexOf('\0') >= 0) {
            throw UsageException.configuration(
                    "seccomp-profile must be unconfined, builtin or an absolute path, not \"" + seccomp
                            + "\"");
        }
        return Optional.of(Path.of(seccomp));
    }

    private static OptionalLong value(Optional<Long> value) {
        return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    private static long bytes(String text) {
        Matcher match = MEMORY.matcher(text.toLowerCase(Locale.ROOT));
        if (!match.matches()) {
            throw UsageException.configuration(
                    "memory-limit must be a number of bytes such as 268435456 or 256m, not \"" + text + "\"");
        }
        int shift = switch (match.group(2)) {
            case "k", "kb" -> 10;
            case "m", "mb" -> 20;
            case "g", "gb" -> 30;
            default -> 0;
        };
        long number = Long.parseLong(match.group(1));
        // What does not fit is too much in any case, and says so.
        return number > (Long.MAX_VALUE >> shift) ? Long.MAX_VALUE : number << shift;
    }

    private static long count(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw UsageException.configuration(
                    "pids-limit must be a number of processes, not \"" + text + "\"");
        }
        return Long.parseLong(text);
    }

    /** With the profile that is in a file. Blocks. @throws UsageException if that cannot be used, with what is wrong */
    PluginLimits read() {
        return profile
                .map(file -> new PluginLimits(limits.memoryMaxBytes(), limits.nanoCpus(), limits.pidsMax(),
                        limits.noNewPrivileges(), limits.readOnlyRootfs(), custom(file)))
                .orElse(limits);
    }

    private static Seccomp custom(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] json = in.readNBytes(SeccompProfile.MAX_BYTES + 1);
            return new Seccomp.Custom(new String(json, StandardCharsets.UTF_8));
        } catch (NoSuchFileException _) {
            throw UsageException.configuration("the seccomp profile " + file + " does not exist");
        } catch (IOException e) {
            throw UsageException
                    .configuration("the seccomp profile " + file + " cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw UsageException.configuration(file + ": " + e.getMessage());
        }
    }
}
