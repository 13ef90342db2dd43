package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ExecutorException;
import dev.patchbay.executor.ExecutorException.RuntimeUnusable;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Creates and starts a container, step by step; undoes all of it if a step fails or the thread is interrupted. */
final class Starter {
    private static final long MAX_WORDS_BYTES = 64 * 1024;

    private final RuncExecutorConfig config;
    private final Layout layout;
    private final Remover remover;

    Starter(RuncExecutorConfig config, Layout layout, Remover remover) {
        this.config = config;
        this.layout = layout;
        this.remover = remover;
    }

    /** A started container and its monitor, our child. */
    record Started(ContainerRecord record, ProcessIdentity process, Process monitor) {}

    /** Where a container's output goes: the file, whose folder exists, and where in the log that is. */
    record Output(Path file, LogPlace start) {}

    /** Where a start is; rolled back from here. */
    private static final class Progress {
        Step step = Step.PREPARE;
        Optional<Process> monitor = Optional.empty();
    }

    /**
     * Starts a container of which nothing exists yet.
     *
     * @param output where its output goes
     * @param turn asked at the end whether anybody still wants it
     */
    Started start(ContainerRequest request, Output output, Turn turn) throws InterruptedException {
        var progress = new Progress();
        try {
            Started started = steps(request, output, progress);
            if (!turn.decide()) {
                throw new InterruptedException("nobody waits for this start any more");
            }
            return started;
        } catch (IOException | TimeoutException | RuntimeException | InterruptedException failure) {
            turn.decide(); // from here on no interrupt may disturb the undoing
            undo(request.plugin(), progress, failure);
            throw translated(request, progress.step, failure);
        } catch (Error failure) { // such as no thread for a process that was started
            turn.decide();
            undo(request.plugin(), progress, failure);
            throw failure;
        }
    }

    private Started steps(ContainerRequest request, Output output, Progress progress)
            throws IOException, TimeoutException, InterruptedException {
        RuntimeProgram runtime = config.runtime(config.defaultRuntime());
        Programs.require(config.conmon(), "conmon");
        Programs.require(runtime.path(), config.defaultRuntime());
        Path bundle = layout.bundle(request.plugin());
        ContainerRecord intent = Bundle.prepare(request, layout, config.defaultRuntime(),
                output.start());
        progress.step = Step.CREATE;
        Process monitor = monitor(request.plugin(), runtime, output.file());
        progress.monitor = Optional.of(monitor);
        long pid = created(request.plugin(), runtime, monitor);
        var process = ProcessIdentity.of(pid)
                .orElseThrow(() -> new IOException(
                        "the container's process " + pid + " died before it was started"));
        Optional<ProcessIdentity> itsMonitor = ProcessIdentity.of(monitor.pid());
        intent.with(new ContainerRecord.Life(itsMonitor, process, false)).write(bundle);
        progress.step = Step.START;
        startCreated(request.plugin(), runtime, bundle);
        ContainerRecord record = intent.with(new ContainerRecord.Life(itsMonitor, process, true));
        record.write(bundle);
        return new Started(record, process, monitor);
    }

    private Process monitor(PluginId plugin, RuntimeProgram runtime, Path log) throws IOException {
        Path bundle = layout.bundle(plugin);
        Path state = layout.runtimeState(config.defaultRuntime());
        var files = new CommandLines.Monitored(bundle, layout.exits(), log);
        List<String> line = CommandLines.monitor(config.conmon(), runtime, state, plugin, files);
        return Processes.startMonitor(line, bundle, Layout.monitorErrors(bundle));
    }

    private long created(PluginId plugin, RuntimeProgram runtime, Process monitor)
            throws IOException, TimeoutException, InterruptedException {
        Path bundle = layout.bundle(plugin);
        String line = Processes.firstLine(runtime.path() + " create", monitor, config.limits().create());
        return switch (SyncLine.parse(line)) {
            case SyncLine.Created(long pid) -> pid;
            case SyncLine.Refused(String words) -> throw refused(plugin, Step.CREATE, bundle, words);
            case SyncLine.Unreadable(String text) -> throw refused(plugin, Step.CREATE, bundle, text);
        };
    }

    private void startCreated(PluginId plugin, RuntimeProgram runtime, Path bundle)
            throws IOException, TimeoutException, InterruptedException {
        Path state = layout.runtimeState(config.defaultRuntime());
        List<String> line = CommandLines.start(runtime, state, bundle, plugin);
        Processes.Outcome outcome = Processes.run(runtime.path() + " start", line, config.limits().start());
        if (!outcome.succeeded()) {
            throw refused(plugin, Step.START, bundle, outcome.output());
        }
    }

    private StepFailed refused(PluginId plugin, Step step, Path bundle, String output) throws IOException {
        var texts = new ArrayList<String>();
        texts.add(words(Layout.runtimeLog(bundle)));
        texts.add(output);
        texts.add(words(Layout.monitorErrors(bundle)));
        Optional<String> words = RuntimeWords.firstOf(texts);
        String reason = words.orElse(config.defaultRuntime() + " and conmon failed without a word");
        String message = "the container could not be " + (step == Step.CREATE ? "created" : "started") + ": "
                + reason + Room.remedy(reason, layout.execRoot(), layout.logRoot());
        return new StepFailed(plugin, step, message, words, null);
    }

    private static String words(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (var stream = Files.newInputStream(file)) {
            long size = Files.size(file);
            stream.skipNBytes(Math.max(0, size - MAX_WORDS_BYTES));
            return new String(stream.readNBytes((int) MAX_WORDS_BYTES), StandardCharsets.UTF_8);
        }
    }

    private void undo(PluginId plugin, Progress progress, Throwable failure) {
        try {
            if (progress.monitor.isPresent()) {
                endMonitor(progress.monitor.get());
            }
            remover.remove(plugin, Optional.empty());
        } catch (IOException | TimeoutException | InterruptedException e) {
            failure.addSuppressed(e);
        }
    }

    private void endMonitor(Process monitor) throws IOException, InterruptedException {
        Optional<ProcessIdentity> alive = ProcessIdentity.of(monitor.pid());
        if (alive.isPresent() && monitor.isAlive()) { // else what it had started was killed with it, or has ended
            Orphans.kill(alive.get(), config.limits().kill());
        }
    }

    private ExecutorException translated(ContainerRequest request, Step step, Exception failure)
            throws InterruptedException {
        return switch (failure) {
            case ExecutorException known -> known;
            case InterruptedException interrupted -> throw interrupted;
            default -> {
                String reason = readable(failure);
                String remedy = Room.remedy(reason, layout.execRoot(), layout.logRoot(), request.rootfs());
                yield failed(request.plugin(), step, reason + remedy, failure);
            }
        };
    }

    private static String readable(Exception failure) {
        String message = Optional.ofNullable(failure.getMessage()).orElse("no reason given");
        return failure instanceof java.nio.file.FileSystemException
                ? failure.getClass().getSimpleName() + ": " + message
                : message;
    }

    private static StepFailed failed(PluginId plugin, Step step, String reason, Exception cause) {
        String what = switch (step) {
            case PREPARE -> "prepared";
            case CREATE -> "created";
            case START, TAKE_OVER, DIAL, SIGNAL, LOGS, DELETE -> "started";
        };
        String message = "the container could not be " + what + ": " + reason;
        return new StepFailed(plugin, step, message, Optional.empty(), cause);
    }

    /** Checks before a start, so that a missing program is one clear error. */
    static final class Programs {
        private Programs() {}

        static void require(Path program, String name) {
            if (!Files.isExecutable(program) || Files.isDirectory(program)) {
                throw new RuntimeUnusable(
                        name + " is not installed at " + program + ": install the package '"
                                + packageOf(program, name)
                                + "' (apt-get install, dnf install or apk add), or configure where it is",
                        null);
            }
        }

        private static String packageOf(Path program, String name) {
            Path file = program.getFileName();
            String known = file == null ? name : file.toString();
            return List.of("conmon", "runc", "crun").contains(known) ? known : name;
        }
    }
}
