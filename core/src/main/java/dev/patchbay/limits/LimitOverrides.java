package dev.patchbay.limits;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one plugin gets instead of its engine's {@link PluginLimits}. What is absent stays as the engine has it, also when
 * that changes; a number of 0 lifts the engine's limit for this plugin.
 *
 * @param memoryMaxBytes 0 or as in {@link PluginLimits#memoryMaxBytes}
 * @param nanoCpus 0 or as in {@link PluginLimits#nanoCpus}
 * @param pidsMax 0 or as in {@link PluginLimits#pidsMax}
 * @param noNewPrivileges as in {@link PluginLimits#noNewPrivileges}
 * @param readOnlyRootfs as in {@link PluginLimits#readOnlyRootfs}
 * @param seccomp as in {@link PluginLimits#seccomp}
 */
public record LimitOverrides(OptionalLong memoryMaxBytes, OptionalLong nanoCpus, OptionalLong pidsMax,
        Optional<Boolean> noNewPrivileges, Optional<Boolean> readOnlyRootfs, Optional<Seccomp> seccomp) {
    /** All as the engine has it. */
    public static final LimitOverrides NONE = new LimitOverrides(OptionalLong.empty(), OptionalLong.empty(),
            OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks the values. @throws IllegalArgumentException if one is out of its range; the sentence names it */
    public LimitOverrides {
        within("memory limit", memoryMaxBytes, PluginLimits.MIN_MEMORY_BYTES, PluginLimits.MAX_MEMORY_BYTES,
                "bytes");
        within("CPU limit", nanoCpus, PluginLimits.MIN_NANO_CPUS, PluginLimits.MAX_NANO_CPUS,
                "billionths of a CPU");
        within("pids limit", pidsMax, 1, PluginLimits.MAX_PIDS, "processes");
    }

    private static void within(String name, OptionalLong value, long least, long most, String unit) {
        if (value.isPresent() && value.getAsLong() != 0) {
            PluginLimits.within(name, value, least, most, unit + ", or 0 for none");
        }
    }

    /** What the plugin may use and do on an engine with these limits. */
    @SuppressWarnings("ReferenceEquality") // another one that says nothing comes to the same
    public PluginLimits over(PluginLimits engine) {
        if (this == NONE) {
            return engine; // as with almost all, of which there may be many
        }
        return new PluginLimits(
                number(memoryMaxBytes, engine.memoryMaxBytes()),
                number(nanoCpus, engine.nanoCpus()),
                number(pidsMax, engine.pidsMax()),
                noNewPrivileges.orElse(engine.noNewPrivileges()),
                readOnlyRootfs.orElse(engine.readOnlyRootfs()),
                seccomp.orElse(engine.seccomp()));
    }

    private static OptionalLong number(OptionalLong own, OptionalLong engines) {
        if (own.isEmpty()) {
            return engines;
        }
        return own.getAsLong() == 0 ? OptionalLong.empty() : own;
    }
}
