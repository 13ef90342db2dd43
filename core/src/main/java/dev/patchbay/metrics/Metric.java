package dev.patchbay.metrics;

import java.util.List;

/**
 * The metrics. Names are Micrometer's, in lower case with dots, and without their unit; in Prometheus dots are underscores, and
 * the unit and {@code total} follow, by the conventions of both.
 *
 * <p>The number of series is bounded: values of tags are of fixed lists, exit codes and signals, or names of the plugins
 * that there are, of which {@value #MOST_PLUGINS} at most are shown.
 */
public enum Metric {
    /** How many plugins are in a state. */
    PLUGINS(Kind.GAUGE, "patchbay.plugins", "", "Plugins by what they do", "state"),
    /** How many are wanted. */
    PLUGINS_ENABLED(Kind.GAUGE, "patchbay.plugins.enabled", "", "Plugins that their users want to run"),
    /** How many plugins have no numbers of their own, since there are too many. */
    PLUGINS_UNLISTED(Kind.GAUGE, "patchbay.plugins.unlisted", "",
            "Plugins beyond those whose numbers are shown one by one"),
    /** Starts of containers. */
    STARTS(Kind.COUNTER, "patchbay.plugin.starts", "", "Starts of plugins; restarts are those after a crash",
            "cause"),
    /** Starts that did not succeed. */
    START_FAILURES(Kind.COUNTER, "patchbay.plugin.start.failures", "",
            "Starts of plugins that did not succeed"),
    /** How long starts take that succeed. */
    START_DURATION(Kind.TIMER, "patchbay.plugin.start.duration", "seconds",
            "From the start of a plugin until it accepts connections and that is on disk", "cause"),
    /** Ends of containers. */
    EXITS(Kind.COUNTER, "patchbay.plugin.exits", "",
            "Ends of plugins' processes, by exit code, or 128 and the signal's number; oom: for lack of memory",
            "code",
            "oom"),
    /** Ends against the user's wish. */
    CRASHES(Kind.COUNTER, "patchbay.plugin.crashes", "", "Ends of plugins against their users' wish"),
    /** Commands that wait. */
    MAILBOX_DEPTH(Kind.GAUGE, "patchbay.mailbox.depth", "", "Commands that wait for the state thread"),
    /** How long commands wait. */
    MAILBOX_WAIT(Kind.TIMER, "patchbay.mailbox.wait", "seconds",
            "How long commands waited for the state thread"),
    /** Work that the state thread has ordered. */
    EFFECTS(Kind.GAUGE, "patchbay.effects.active", "", "Work under way that the state thread has ordered",
            "kind"),
    /** Events that are not written yet. */
    JOURNAL_WAITING(Kind.GAUGE, "patchbay.journal.waiting", "", "Events that are not in the journal yet"),
    /** Who listens to events. */
    SUBSCRIBERS(Kind.GAUGE, "patchbay.event.subscribers", "",
            "Subscribers to events, within the process and over the API",
            "kind"),
    /** How far who listens is behind. */
    SUBSCRIBER_LAG(Kind.GAUGE, "patchbay.event.subscriber.lag", "",
            "Events that the subscriber over the API that is furthest behind has not been told"),
    /** How long pulls take. */
    PULL_DURATION(Kind.TIMER, "patchbay.pull.duration", "seconds", "Installs and upgrades from registries",
            "outcome"),
    /** How much pulls fetch. */
    PULL_BYTES(Kind.COUNTER, "patchbay.pull.fetched", "bytes",
            "Bytes of layers that were fetched from registries"),
    /** How long collections of garbage take. */
    GC_DURATION(Kind.TIMER, "patchbay.gc.duration", "seconds", "Collections of content that no plugin needs",
            "outcome"),
    /** How many blobs were garbage. */
    GC_BLOBS(Kind.COUNTER, "patchbay.gc.blobs", "", "Blobs that were deleted as garbage"),
    /** How many bytes were garbage. */
    GC_BYTES(Kind.COUNTER, "patchbay.gc.freed", "bytes", "Bytes that were deleted as garbage"),
    /** Calls to plugins. */
    CALLS(Kind.COUNTER, "patchbay.plugin.calls", "",
            "Calls to plugins, by what they were asked for and what came of it",
            "capability", "outcome"),
    /** What a plugin has used of the processors. */
    PLUGIN_CPU(Kind.COUNTER, "patchbay.plugin.cpu", "seconds", "Processor time of a plugin", "plugin"),
    /** What a plugin uses of the memory. */
    PLUGIN_MEMORY(Kind.GAUGE, "patchbay.plugin.memory", "bytes",
            "Memory of a plugin that runs, as its control group counts it",
            "plugin"),
    /** How many processes and threads a plugin has. */
    PLUGIN_PIDS(Kind.GAUGE, "patchbay.plugin.pids", "", "Processes and threads of a plugin that runs",
            "plugin"),
    /** How often a plugin ran out of memory. */
    PLUGIN_OOM_KILLS(Kind.COUNTER, "patchbay.plugin.oom.kills", "",
            "Processes of a plugin that the kernel killed for lack of memory", "plugin"),
    /** The garbage collection of the Java process. */
    JVM_GC(Kind.TIMER, "jvm.gc.collection", "seconds", "Garbage collections of the Java process", "gc");

    /** How many plugins are shown one by one; those with the first names. */
    public static final int MOST_PLUGINS = 1024;

    /** What a metric's value does. */
    public enum Kind {
        /** It goes up and down. */
        GAUGE,
        /** It only goes up, as long as the process lives. */
        COUNTER,
        /** It counts, and sums up how long each took. */
        TIMER
    }

    private final Kind kind;
    private final String dotted;
    private final String unit;
    private final String help;
    private final String tags; // a text, because enums must be immutable to the compiler's eye

    Metric(Kind kind, String dotted, String unit, String help, String... tags) {
        this.kind = kind;
        this.dotted = dotted;
        this.unit = unit;
        this.help = help;
        this.tags = String.join(" ", tags);
    }

    /** What its value does. */
    public Kind kind() {
        return kind;
    }

    /** Its name in Micrometer. */
    public String dotted() {
        return dotted;
    }

    /** Its base unit: {@code seconds}, {@code bytes}, or nothing. */
    public String unit() {
        return unit;
    }

    /** What it says, for people. */
    public String help() {
        return help;
    }

    /** The names of its tags. */
    public List<String> tags() {
        return tags.isEmpty() ? List.of() : List.of(tags.split(" ", -1));
    }

    /** The name of its family in Prometheus: of a timer, without {@code _count} and {@code _sum}. */
    public String prometheus() {
        String name = dotted.replace('.', '_') + (unit.isEmpty() ? "" : "_" + unit);
        return kind == Kind.COUNTER ? name + "_total" : name;
    }
}
