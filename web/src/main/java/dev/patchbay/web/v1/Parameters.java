package dev.patchbay.web.v1;

import dev.patchbay.Force;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.Plugins;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.use.Holder;
import dev.patchbay.volume.VolumeFilter;
import dev.patchbay.web.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Query parameters, decoded. Pure; each failure is an {@link InvalidRequestException} that names the parameter. */
final class Parameters {
    /** How long a start may take if the caller does not say. */
    static final Duration DEFAULT_START_TIMEOUT = Duration.ofSeconds(30);

    private static final int SHOWN = 64;

    private Parameters() {}

    /** Refuses parameters that the route does not have: a misspelt one would otherwise be ignored without a word. */
    static void known(Target target, Set<String> names) {
        for (String name : target.query().keySet()) {
            if (!names.contains(name)) {
                throw invalid("unknown query parameter " + shown(name) + "; there " + listed(names));
            }
        }
    }

    static PluginFilter filter(Target target) {
        return new PluginFilter(
                flag(target, "enabled"), target.query().getOrDefault("capability", List.of()));
    }

    static String name(Target target) {
        return target.query("name")
                .filter(name -> !name.isBlank())
                .orElseThrow(() -> invalid("name is missing: give the plugin one with ?name=NAME"));
    }

    static Force force(Target target) {
        return flag(target, "force").orElse(false) ? Force.YES : Force.NO;
    }

    static boolean dryRun(Target target) {
        return flag(target, "dryRun").orElse(false);
    }

    /** Somebody who is to hold a plugin. */
    static Holder holder(String id, Target target) {
        try {
            return new Holder(holderId(id), target.query("label").orElse(""),
                    flag(target, "durable").orElse(false));
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    /** The id of a holder, of which the engine's own are not for callers. */
    static String holderId(String id) {
        for (String own : List.of(Holder.OF_USES, Holder.OF_VOLUMES, Holder.OF_LONG_VOLUMES)) {
            if (id.startsWith(own)) {
                throw invalid("ids that begin with \"" + own + "\" belong to the engine: " + shown(id));
            }
        }
        return id;
    }

    /** What a plugin is held for. */
    static String capability(Target target) {
        String text = target.query("capability").orElse("");
        try {
            InterfaceType.asked(text);
            return text;
        } catch (IllegalArgumentException e) {
            throw invalid("capability: " + e.getMessage());
        }
    }

    static Duration startTimeout(Target target) {
        Duration timeout = target.query("timeout")
                .map(text -> TimeText.duration("timeout", text))
                .orElse(DEFAULT_START_TIMEOUT);
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Plugins.MAX_START_TIMEOUT) > 0) {
            throw invalid("timeout must be 1ms to " + Plugins.MAX_START_TIMEOUT.toHours() + "h, not "
                    + shown(target.query("timeout").orElse("")));
        }
        return timeout;
    }

    static LogQuery logs(Target target, Clock clock) {
        Optional<Instant> since = target.query("since").map(text -> TimeText.instant("since", text, clock));
        return new LogQuery(tail(target), since, flag(target, "follow").orElse(false));
    }

    private static OptionalInt tail(Target target) {
        String text = target.query("tail").orElse("all");
        if (text.equals("all")) {
            return OptionalInt.empty();
        }
        try {
            int lines = Integer.parseInt(text);
            if (lines >= 0) {
                return OptionalInt.of(lines);
            }
        } catch (NumberFormatException _) {
            // falls through to the sentence below
        }
        throw invalid(
                "tail must be all or a number of lines, 0 to " + Integer.MAX_VALUE + ", not " + shown(text));
    }

    static VolumeFilter volumes(Target target) {
        Map<String, List<String>> query = target.query();
        return new VolumeFilter(query.getOrDefault("name", List.of()),
                query.getOrDefault("driver", List.of()),
                query.getOrDefault("label", List.of()), List.of(), flag(target, "unused"));
    }

    static boolean all(Target target) {
        return flag(target, "all").orElse(false);
    }

    private static Optional<Boolean> flag(Target target, String name) {
        return target.query(name).map(text -> switch (text) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw invalid(name + " must be true or false, not " + shown(text));
        });
    }

    /** What a caller sent, quoted, and cut if it is long. */
    static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return "\"" + cut.replaceAll("\\p{Cntrl}", "?") + "\"";
    }

    private static String listed(Set<String> names) {
        return names.isEmpty()
                ? "are none here"
                : "are " + String.join(", ", names.stream().sorted().toList());
    }

    private static InvalidRequestException invalid(String message) {
        return new InvalidRequestException(message, null);
    }
}
