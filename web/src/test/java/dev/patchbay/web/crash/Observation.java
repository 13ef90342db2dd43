package dev.patchbay.web.crash;

import dev.patchbay.web.crash.Condition.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A plugin as a daemon shows it, and as it is on the disk.
 *
 * @param content what the daemon says it is
 * @param files the version of the files that it would run
 * @param previousFiles the version of the files that a rollback would bring back
 */
record Observation(String name, String id, Content content, boolean enabled, String state, int generation,
        String files, Optional<String> previousFiles) {
    /** The setting by which plugins are told apart. */
    static final String GREETING = "SAMPLE_GREETING";

    /** All plugins of a daemon. */
    static List<Observation> all(SocketClient client, Path root) throws IOException {
        JsonNode list = client.done(SocketClient.Request.get("/patchbay/v1/plugins")).json();
        return list.path("plugins").valueStream().map(plugin -> of(plugin, root)).toList();
    }

    private static Observation of(JsonNode plugin, Path root) {
        String greeting = plugin.path("settings")
                .path("env")
                .valueStream()
                .filter(setting -> setting.path("name").asString().equals(GREETING))
                .map(setting -> setting.path("value").asString())
                .findFirst()
                .orElse("none");
        String id = plugin.path("id").asString();
        Path home = root.resolve(id);
        return new Observation(
                plugin.path("name").asString().replace(":latest", ""),
                id,
                new Content(plugin.path("config").path("description").asString(), greeting),
                plugin.path("enabled").asBoolean(),
                plugin.path("status").path("state").asString(),
                plugin.path("status").path("generation").asInt(),
                version(home.resolve("rootfs")).orElse("none"),
                version(home.resolve("previous/rootfs")));
    }

    private static Optional<String> version(Path rootfs) {
        try {
            return Optional.of(Files.readString(rootfs.resolve(SampleVersions.FILE)));
        } catch (IOException _) {
            return Optional.empty(); // whoever compares says what is missing
        }
    }

    boolean fits(Condition.Present wanted) {
        return content.equals(wanted.content()) && enabled == wanted.enabled()
                && files.equals(wanted.content().version())
                && previousFiles.equals(wanted.previous().map(Content::version));
    }

    /** Whether it does what its user wants. */
    boolean isAtRest() {
        return state.equals(enabled ? "running" : "stopped");
    }
}
