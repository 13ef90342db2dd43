package dev.patchbay.executor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A container on a {@link FakeMachine}. Confined to its worker. */
final class FakeContainer {
    final ContainerRequest request;
    final RunningContainer running;
    final FakeBehaviour behaviour;
    final List<Runnable> awaiting = new ArrayList<>();
    final Deque<String> lastErrorLines = new ArrayDeque<>();
    FakeRuntimeExecutor owner;
    Optional<ExitSignal> exit = Optional.empty();
    boolean listening;
    boolean altered;

    FakeContainer(ContainerRequest request, FakeBehaviour behaviour, long pid, FakeRuntimeExecutor owner) {
        this.request = request;
        this.behaviour = behaviour;
        this.running = new RunningContainer(request.plugin(), request.generation(), pid);
        this.owner = owner;
    }

    boolean ended() {
        return exit.isPresent();
    }

    /** Has somebody hear of it once its socket accepts; at once if it does. */
    void whenListening(Runnable answer) {
        if (listening) {
            answer.run();
        } else {
            awaiting.add(answer);
        }
    }

    /** Whether a start would make the same bundle. */
    boolean isAs(ContainerRequest wanted) {
        return !altered
                && request.spec().equals(wanted.spec())
                && request.rootfs().equals(wanted.rootfs())
                && request.execDirectory().equals(wanted.execDirectory())
                && request.propagatedMount().equals(wanted.propagatedMount());
    }

    void remember(LogLine line) {
        if (line.stream() == LogLine.Stream.STDERR) {
            lastErrorLines.addLast(line.text());
            if (lastErrorLines.size() > ExitSignal.ERROR_LINES) {
                lastErrorLines.removeFirst();
            }
        }
    }
}
