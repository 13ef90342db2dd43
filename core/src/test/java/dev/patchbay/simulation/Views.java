package dev.patchbay.simulation;

import dev.patchbay.PluginView;
import dev.patchbay.plugin.PluginConfig;

/** Reads from a plugin what clients of a world write to it. */
final class Views {
    private static final String TOKEN = "TOKEN=";
    private static final String VERSION = "version ";

    private Views() {}

    static String name(PluginView view) {
        return view.plugin().name().familiarName();
    }

    static int token(PluginView view) {
        return view.plugin()
                .settings()
                .env()
                .stream()
                .filter(variable -> variable.startsWith(TOKEN))
                .map(variable -> Integer.parseInt(variable.substring(TOKEN.length())))
                .findFirst()
                .orElse(-1);
    }

    /** How many processes it may have; 0 if that is not limited. */
    static int processes(PluginView view) {
        return (int) view.limits().pidsMax().orElse(0);
    }

    static int version(PluginView view) {
        return version(view.plugin().config());
    }

    static int version(PluginConfig config) {
        return Integer.parseInt(config.description().substring(VERSION.length()));
    }
}
