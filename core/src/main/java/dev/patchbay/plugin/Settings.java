package dev.patchbay.plugin;

import java.util.List;

/**
 * What the user of a plugin set, beside what its author published.
 *
 * <p>Holds its own copies: changing settings never changes the configuration (in moby the two share memory, D56).
 *
 * @param args the arguments after the entrypoint
 * @param devices the devices, with the user's paths
 * @param env the environment as {@code NAME=VALUE}, in order; values may be secret, so never log them
 * @param mounts the mounts, with the user's sources
 */
public record Settings(List<String> args, List<PluginConfig.Device> devices, List<String> env,
        List<PluginConfig.Mount> mounts) {

    /** Copies. */
    public Settings {
        args = List.copyOf(args);
        devices = List.copyOf(devices);
        env = List.copyOf(env);
        mounts = List.copyOf(mounts);
    }

    /** What applies until the user sets something: the published values. */
    public static Settings initial(PluginConfig config) {
        var env = config.env()
                .stream()
                .flatMap(variable -> variable.value().map(value -> variable.name() + "=" + value).stream())
                .toList();
        return new Settings(config.args().value().items(), config.linux().devices().items(), env,
                config.mounts().items());
    }

    /**
     * These settings with the user's assignments applied, in order, all or none (moby stops half-way, D57).
     *
     * @param config the plugin's configuration: says what may be set
     * @param assignments one {@code name[.field][=value]} each; see {@link SettingsEditor} for the grammar
     * @throws InvalidSettingException for the first assignment that is not allowed; nothing is changed then
     */
    public Settings apply(PluginConfig config, List<String> assignments) {
        return SettingsEditor.apply(this, config, assignments);
    }

    /**
     * The settings of the next version of the plugin: what it publishes, and on top what the user had changed, by name,
     * where it still can be set. A variable that the user took out stays out. (moby keeps the old settings whole, so that
     * new variables and arguments never come and old ones never go, D17.)
     *
     * <p>Whatever differs from what {@code old} publishes counts as changed by the user.
     *
     * @param old the configuration of the version until now, as published: that of a record that Docker wrote holds the
     *     user's sources and paths (D56), see {@link InstalledPlugin#asPublished}
     * @param next the configuration of the next version
     */
    public CarriedSettings carriedOver(PluginConfig old, PluginConfig next) {
        return CarryOver.of(this, old, next);
    }

    /** How many there are of each kind. No values: they may be secret, and whatever holds settings is logged. */
    @Override
    public String toString() {
        return "Settings[args=" + args.size() + ", devices=" + devices.size() + ", env=" + env.size()
                + ", mounts=" + mounts.size() + "]";
    }
}
