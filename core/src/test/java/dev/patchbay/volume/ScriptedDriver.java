package dev.patchbay.volume;

import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A volume driver that works, unless a test tells it otherwise: volumes are folders below its propagated mount. It remembers what
 * it was asked over all starts of its plugin.
 */
final class ScriptedDriver {
    /** The propagated mount, as the plugin sees it. */
    static final String MOUNTS = "/data";

    private static final JsonMapper MAPPER = new JsonMapper();

    final ScriptedPlugin plugin;
    private final Path propagated;
    private final Map<String, Set<String>> mounts = new ConcurrentHashMap<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    ScriptedDriver(ScriptedPlugin plugin, Path propagated) {
        this.plugin = plugin;
        this.propagated = propagated;
        works("Create");
        works("Remove");
        works("Mount");
        works("Unmount");
        works("Get");
        works("List");
        plugin.on("VolumeDriver.Capabilities", Behaviour.json("{\"Capabilities\":{\"Scope\":\"global\"}}"));
    }

    /** Does this for a method from now on. */
    ScriptedDriver on(String method, Behaviour... things) {
        plugin.on("VolumeDriver." + method, things);
        return this;
    }

    /** Does again what a sound driver does. */
    ScriptedDriver works(String method) {
        return on(method, working(method));
    }

    /** What a sound driver does when it is asked for a method. */
    Behaviour working(String method) {
        return working(method, () -> {});
    }

    /** The same, and something happens after it is done and before that is said. */
    Behaviour working(String method, Runnable between) {
        return (request, peer) -> {
            JsonNode asked = MAPPER.readTree(request.text());
            String answer = answer(method, asked.path("Name").asString(""), asked.path("ID").asString(""));
            between.run();
            peer.answer(200, answer);
        };
    }

    private String answer(String method, String name, String id) throws IOException {
        if (method.equals("Create")) {
            mounts.putIfAbsent(name, ConcurrentHashMap.newKeySet());
            return "{}";
        }
        if (method.equals("List")) {
            return "{\"Volumes\":[" + mounts.keySet()
                    .stream()
                    .sorted()
                    .map(volume -> "{\"Name\":\"" + volume + "\"}")
                    .collect(Collectors.joining(",")) + "]}";
        }
        Set<String> mounted = mounts.get(name);
        if (mounted == null) {
            return "{\"Err\":\"no such volume\"}";
        }
        return switch (method) {
            case "Remove" -> {
                mounts.remove(name);
                yield "{}";
            }
            case "Mount" -> {
                mounted.add(id);
                counts.merge(name, 1, Integer::sum);
                Files.createDirectories(propagated.resolve(name));
                yield "{\"Mountpoint\":\"" + MOUNTS + "/" + name + "\"}";
            }
            case "Unmount" -> {
                counts.merge(name, -1, Integer::sum);
                yield mounted.remove(id) ? "{}" : "{\"Err\":\"not mounted\"}";
            }
            case "Get" -> "{\"Volume\":{\"Name\":\"" + name
                    + "\",\"CreatedAt\":\"2026-01-02T03:04:05+02:00\",\"Status\":{\"size\":7,\"of\":[\"a\"]}}}";
            default -> throw new IllegalArgumentException(method);
        };
    }

    /** Who has a volume mounted, as the driver knows it. */
    Set<String> mounted(String volume) {
        return Set.copyOf(mounts.getOrDefault(volume, Set.of()));
    }

    /** How often a volume is mounted for a driver that counts what it is asked for, whoever asks. */
    int counted(String volume) {
        return counts.getOrDefault(volume, 0);
    }

    /** Mounts a volume, and says that it is somewhere else. */
    Behaviour mounting(String elsewhere) {
        return (request, peer) -> {
            JsonNode asked = MAPPER.readTree(request.text());
            answer("Mount", asked.path("Name").asString(""), asked.path("ID").asString(""));
            peer.answer(200, "{\"Mountpoint\":\"" + elsewhere + "\"}");
        };
    }

    /** Mounts volumes, and says that each is in a folder of its name below another one. */
    Behaviour mountingBelow(String folder) {
        return (request, peer) -> {
            String name = MAPPER.readTree(request.text()).path("Name").asString("");
            mounting(folder + "/" + name).answer(request, peer);
        };
    }

    /** What volumes it has. */
    Set<String> volumes() {
        return Set.copyOf(mounts.keySet());
    }

    /** As if a crash had ended all of them. */
    void loseMounts() {
        mounts.values().forEach(Set::clear);
        counts.clear();
    }

    /** Gives it a volume that nobody asked for. */
    void has(String volume) {
        mounts.put(volume, ConcurrentHashMap.newKeySet());
    }

    /** Takes one from it. */
    void loses(String volume) {
        mounts.remove(volume);
    }

    /** How often it was asked for something. */
    int times(String method) {
        return plugin.received("VolumeDriver." + method).size();
    }

    /** Where the host sees a path below the propagated mount. */
    Path host(String below) {
        return propagated.resolve(below);
    }
}
