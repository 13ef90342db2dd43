package dev.patchbay.executor.runc;

import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.Signal;
import dev.patchbay.json.JsonTrees;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * What earlier processes left of containers, read from bundle, exit file and {@code /proc}. No process is started for it,
 * but for a container whose starter was killed in the instant of the start. Nothing is changed, except that a container
 * without its monitor is killed. All methods block.
 *
 * <p>The order matters: the exit file counts before the monitor, which writes it while it lives and may stay a zombie for
 * seconds after that; and a monitor counts before the process, which it outlives.
 */
final class Traces {
    private static final Logger LOG = LoggerFactory.getLogger(Traces.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final GroupUsage usage;
    private final RuncExecutorConfig config;
    private final Layout layout;

    Traces(RuncExecutorConfig config, Layout layout, GroupUsage usage) {
        this.usage = usage;
        this.config = config;
        this.layout = layout;
    }

    /** What there is of a container. */
    sealed interface Found {
        /** It runs, or will have an exit file soon. */
        record Alive(ContainerRecord record, ProcessIdentity monitor,
                ProcessIdentity process) implements Found {}

        /** It ended, at the given time as far as that is known. */
        record Ended(ContainerRecord record, ExitStatus status, Instant at) implements Found {}

        /** No process of it ever ran, or none that anybody can tell of. */
        record Nothing(int generation) implements Found {}
    }

    /** Looks for a plugin's container. */
    Found look(PluginId plugin) throws IOException, InterruptedException, TimeoutException {
        Optional<ContainerRecord> record = ContainerRecord.read(layout.bundle(plugin))
                .filter(it -> it.plugin().equals(plugin));
        if (record.isEmpty()) {
            return new Found.Nothing(0);
        }
        // What happened before the machine was started anew was never synced.
        Optional<ContainerRecord.Life> life = record.get().isOfThisBoot()
                ? record.get().life()
                : Optional.empty();
        if (life.isEmpty() || !wasStarted(record.get(), life.get())) {
            return new Found.Nothing(record.get().generation());
        }
        return lookAt(record.get(), life.get());
    }

    private Found lookAt(ContainerRecord record, ContainerRecord.Life life)
            throws IOException, InterruptedException {
        Optional<Found> ended = ended(record);
        if (ended.isPresent()) {
            return ended.get();
        }
        if (life.monitor().isPresent() && life.monitor().get().alive()) {
            ProcessIdentity monitor = life.monitor().get();
            if (life.process().alive() || !monitor.awaitEnd(LAST_WORDS)) {
                return new Found.Alive(record, monitor, life.process());
            }
        }
        // It may have written the file just before it ended.
        Optional<Found> endedMeanwhile = ended(record);
        if (endedMeanwhile.isPresent()) {
            return endedMeanwhile.get();
        }
        boolean traceless = !life.process().alive()
                && !Files.exists(layout.runtimeState(record.making().runtime(), record.plugin()));
        return traceless
                ? new Found.Nothing(record.generation())
                : new Found.Ended(
                        record, ending(record.plugin(), life.process(), "", false), config.clock().instant());
    }

    private Optional<Found> ended(ContainerRecord record) throws IOException {
        Path file = layout.exitFile(record.plugin());
        Optional<ExitStatus> told = told(record.plugin(), false);
        if (told.isEmpty()) {
            return Optional.empty();
        }
        try {
            Instant at = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
            return Optional.of(new Found.Ended(record, told.get(), at));
        } catch (NoSuchFileException _) {
            return Optional.of(new Found.Ended(record, told.get(), config.clock().instant()));
        }
    }

    /**
     * How a container ended whose monitor is no more. Without its monitor nobody would ever hear of its end, nor read what
     * it prints: if the monitor said nothing, the process is killed.
     *
     * @param clue what else is known of the monitor's end, as a clause to be put in parentheses, or nothing
     * @param killedHere whether this process sent it KILL: then a process of it that the kernel killed before is not why
     * @throws IOException if what the monitor said cannot be read, or whether the process has ended cannot be told
     */
    ExitStatus ending(PluginId plugin, ProcessIdentity process, String clue, boolean killedHere)
            throws IOException, InterruptedException {
        Optional<ExitStatus> told = told(plugin, killedHere);
        if (told.isPresent()) {
            return told.get();
        }
        process.signal(Signal.KILL);
        boolean gone = process.awaitEnd(config.limits().kill());
        return new ExitStatus.Unknown(
                "its monitor conmon was lost" + (clue.isEmpty() ? "" : " (" + clue + ")")
                        + (Room.isFull(layout.exits()) ? ", or had no room for an exit file" : "")
                        + (gone
                                ? ""
                                : ", and the process did not end within "
                                        + Processes.readable(config.limits().kill()) + " of SIGKILL"));
    }

    // The kernel ends nobody for lack of memory but by KILL. What the monitor and the group tell of is any process of the
    // container, at any time of its life: who is sent another signal later, or KILL by us, did not end for that.
    private Optional<ExitStatus> told(PluginId plugin, boolean killedHere) throws IOException {
        Optional<ExitStatus> told = ExitFile.read(layout.exitFile(plugin), false);
        return !killedHere && told.isPresent()
                && told.get() instanceof ExitStatus.Signaled(int number, boolean _)
                && number == Signal.KILL.number()
                        ? Optional.of(new ExitStatus.Signaled(number, ranOutOfMemory(layout.bundle(plugin))))
                        : told;
    }

    // On cgroup v1 the monitor hears of it beside the end of the process, and may miss it. The kernel counts.
    private boolean ranOutOfMemory(Path bundle) {
        if (Files.exists(Layout.outOfMemory(bundle))) {
            return true;
        }
        try {
            return ContainerRecord.read(bundle)
                    .flatMap(record -> record.making().places().cgroupsPath())
                    .filter(group -> usage.outOfMemoryKills(group).orElse(0) > 0)
                    .isPresent();
        } catch (IOException e) {
            LOG.warn("whether {} ran out of memory cannot be told: {}", bundle.getFileName(), e.getMessage());
            return false; // how it ended is known all the same
        }
    }

    // Between the start and the note of it there is an instant. Only the runtime knows then whether the container runs, or
    // waits for a start that never comes.
    private boolean wasStarted(ContainerRecord record, ContainerRecord.Life life)
            throws IOException, InterruptedException, TimeoutException {
        String name = record.making().runtime();
        if (life.started() || !life.process().alive() || !config.runtimes().containsKey(name)) {
            return life.started();
        }
        RuntimeProgram runtime = config.runtime(name);
        var line = CommandLines.state(
                runtime, layout.runtimeState(name), layout.bundle(record.plugin()), record.plugin());
        Processes.Outcome outcome = Processes.run(runtime.path() + " state", line, config.limits().start());
        return outcome.succeeded() && runs(outcome.output());
    }

    private static boolean runs(String state) {
        try {
            String status = JsonTrees.LENIENT.read(state).path("status").asString("");
            return status.equals("running") || status.equals("paused");
        } catch (JacksonException _) {
            return false;
        }
    }
}
