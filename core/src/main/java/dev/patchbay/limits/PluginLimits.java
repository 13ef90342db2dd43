package dev.patchbay.limits;

import java.util.OptionalLong;

/**
 * What a plugin may use and do. Docker limits none of it for plugins, and published plugins rely on what they have: file
 * system and network drivers mount, load and trace. So nothing is limited unless somebody asks for it.
 *
 * @param memoryMaxBytes the most memory of the whole container; as much counts for memory and swap together, so that
 *     it does not swap instead. The kernel kills what needs more
 * @param nanoCpus the most processor time, in billionths of a processor: 1,500,000,000 is one and a half
 * @param pidsMax the most processes and threads
 * @param noNewPrivileges whether programs with set-user-id or file capabilities gain nothing by them
 * @param readOnlyRootfs whether the root file system cannot be written; mounts of the plugin, its propagated mount and the
 *     folder of its socket can
 * @param seccomp which system calls it may make
 */
public record PluginLimits(OptionalLong memoryMaxBytes, OptionalLong nanoCpus, OptionalLong pidsMax,
        boolean noNewPrivileges, boolean readOnlyRootfs, Seccomp seccomp) {
    /** As Docker. */
    public static final PluginLimits NONE = new PluginLimits(OptionalLong.empty(), OptionalLong.empty(),
            OptionalLong.empty(), false, false, new Seccomp.Unconfined());

    /** The least memory that can be said: with less a runtime cannot even start anything (6 MiB, as in Docker). */
    public static final long MIN_MEMORY_BYTES = 6L << 20;

    /** The most memory that can be said: more than any machine has. */
    public static final long MAX_MEMORY_BYTES = 1L << 50;

    /** The least share of a processor, a hundredth: the kernel takes no less than 1 ms in 100 ms (as in Docker). */
    public static final long MIN_NANO_CPUS = 10_000_000L;

    /** The most processors that can be said. */
    public static final long MAX_NANO_CPUS = 1024L * 1_000_000_000L;

    /** The most processes and threads that can be said: what Linux can have at all ({@code PID_MAX_LIMIT}). */
    public static final long MAX_PIDS = 1L << 22;

    /** Checks the values. @throws IllegalArgumentException if one is out of its range; the sentence names it */
    public PluginLimits {
        within("memory limit", memoryMaxBytes, MIN_MEMORY_BYTES, MAX_MEMORY_BYTES, "bytes");
        within("CPU limit", nanoCpus, MIN_NANO_CPUS, MAX_NANO_CPUS, "billionths of a CPU");
        within("pids limit", pidsMax, 1, MAX_PIDS, "processes");
    }

    static void within(String name, OptionalLong value, long least, long most, String unit) {
        if (value.isPresent() && (value.getAsLong() < least || value.getAsLong() > most)) {
            throw new IllegalArgumentException(
                    "the " + name + " must be " + least + " to " + most + " " + unit
                            + ", not " + value.getAsLong());
        }
    }
}
