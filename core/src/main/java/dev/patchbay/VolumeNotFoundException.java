package dev.patchbay;

/** No volume has that name: none that is known here, and none of any volume plugin that could be asked. */
public final class VolumeNotFoundException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final String volume;

    /** Makes one from the volume's name and a sentence. */
    public VolumeNotFoundException(String volume, String message) {
        super(message, null);
        this.volume = volume;
    }

    /** The name that was asked for. */
    public String volume() {
        return volume;
    }
}
