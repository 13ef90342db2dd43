package dev.patchbay;

/** No plugin has that name, id or id prefix. */
public final class PluginNotFoundException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final String nameOrId;

    /** Makes one from what the caller sent. */
    public PluginNotFoundException(String nameOrId) {
        super("plugin \"" + nameOrId + "\" not found", null);
        this.nameOrId = nameOrId;
    }

    /** What the caller sent. */
    public String nameOrId() {
        return nameOrId;
    }
}
