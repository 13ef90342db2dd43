package dev.patchbay.plugin;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Linux capabilities by name. Source: {@code include/uapi/linux/capability.h}, Linux 6.18; capabilities(7). */
public final class Capabilities {

    /**
     * What every plugin has: the default set of Docker's containers (moby, {@code daemon/pkg/oci/caps/defaults.go}), in
     * its order.
     */
    public static final List<String> DEFAULT = List.of("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE");

    private static final Set<String> OTHER = Set.of("CAP_AUDIT_CONTROL", "CAP_AUDIT_READ",
            "CAP_BLOCK_SUSPEND",
            "CAP_BPF", "CAP_CHECKPOINT_RESTORE", "CAP_DAC_READ_SEARCH", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
            "CAP_LEASE",
            "CAP_LINUX_IMMUTABLE", "CAP_MAC_ADMIN", "CAP_MAC_OVERRIDE", "CAP_NET_ADMIN", "CAP_NET_BROADCAST",
            "CAP_PERFMON", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_MODULE", "CAP_SYS_NICE", "CAP_SYS_PACCT",
            "CAP_SYS_PTRACE", "CAP_SYS_RAWIO", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM");

    private static final Pattern FORM = Pattern.compile("CAP_[A-Z0-9_]{1,60}");

    private Capabilities() {}

    /** Whether the text has the form of a name. */
    public static boolean isWellFormed(String text) {
        return FORM.matcher(text).matches();
    }

    /** Whether the kernel knew the name when this was written. */
    public static boolean isKnown(String name) {
        return DEFAULT.contains(name) || OTHER.contains(name);
    }
}
