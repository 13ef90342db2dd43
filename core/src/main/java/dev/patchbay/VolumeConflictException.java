package dev.patchbay;

/** The state of volumes does not allow what was asked. */
public final class VolumeConflictException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final String volume;
    private final Kind kind;

    /** What stands against it. */
    public enum Kind {
        /** Another driver has a volume of that name. */
        OTHER_DRIVER,
        /** It is mounted. */
        IN_USE,
        /** There are as many as there may be. */
        TOO_MANY
    }

    /** Makes one from the volume's name, what stands against the request, and a sentence. */
    public VolumeConflictException(String volume, Kind kind, String message) {
        super(message, null);
        this.volume = volume;
        this.kind = kind;
    }

    /** The volume's name. */
    public String volume() {
        return volume;
    }

    /** What stands against the request. */
    public Kind kind() {
        return kind;
    }
}
