package dev.patchbay.archive;

/** A plugin context without a {@code rootfs} directory at its top level. */
public final class MissingRootfsException extends ArchiveException {
    private static final long serialVersionUID = 1L;

    MissingRootfsException() {
        super("the plugin context has no rootfs directory at its top level: no rootfs found");
    }
}
