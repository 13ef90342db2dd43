package dev.patchbay.web.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Every container that was seen so far: one generation of a plugin is one process, for ever. For one thread. */
final class Sightings {
    /** A start that had not come to a process when the daemon fell: never may it, now. */
    private static final String NOBODY = "nobody";

    private final Path bundles;
    private final Map<String, TreeMap<Integer, String>> seen = new HashMap<>();

    Sightings(Path execRoot) {
        bundles = execRoot.resolve(".patchbay/c");
    }

    /** A container as its record tells it; a process if there was one. */
    record Container(String plugin, int generation, Optional<String> process) {}

    /** Reads the records, by plugin. */
    Map<String, Container> containers() throws IOException {
        Map<String, Container> containers = new HashMap<>();
        if (!Files.isDirectory(bundles)) {
            return containers;
        }
        try (Stream<Path> folders = Files.list(bundles)) {
            for (Path folder : folders.toList()) {
                read(folder).ifPresent(container -> containers.put(container.plugin(), container));
            }
        }
        return containers;
    }

    private static Optional<Container> read(Path folder) throws IOException {
        try {
            JsonNode record = SocketClient.JSON.readTree(Files.readAllBytes(folder.resolve("record.json")));
            Optional<String> process = record.has("pid")
                    ? Optional.of(record.path("pid").asLong() + "@" + record.path("startTicks").asLong())
                    : Optional.empty();
            return Optional.of(new Container(record.path("plugin").asString(),
                    record.path("generation").asInt(), process));
        } catch (NoSuchFileException _) {
            return Optional.empty(); // not made yet, or gone
        }
    }

    /** Takes a look while no daemon lives. */
    void lookWhileNobodyIsAtWork() throws IOException {
        for (Container container : containers().values()) {
            note(container, container.process().orElse(NOBODY));
        }
    }

    /** Takes a look at plugins that run. */
    void look() throws IOException {
        for (Container container : containers().values()) {
            container.process().ifPresent(process -> note(container, process));
        }
    }

    private void note(Container container, String process) {
        TreeMap<Integer, String> before = seen.computeIfAbsent(container.plugin(), _ -> new TreeMap<>());
        String known = before.get(container.generation());
        if (known == null && !before.isEmpty() && before.lastKey() > container.generation()) {
            throw new AssertionError(
                    "a new process of a generation that is over: " + container + " after " + before);
        }
        if (known != null && !known.equals(process)) {
            throw new AssertionError("one generation, two processes: " + container + " after " + before);
        }
        before.put(container.generation(), process);
    }
}
