package dev.patchbay.archive;

/** A plugin context without {@code config.json} at its top level. */
public final class MissingConfigException extends ArchiveException {
    private static final long serialVersionUID = 1L;

    MissingConfigException() {
        super("the plugin context has no config.json at its top level: config not found");
    }
}
