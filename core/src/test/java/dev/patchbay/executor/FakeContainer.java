package dev.patchbay.executor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import reactor.core.publisher.MonoSink;

/** A container in a {@link FakeRuntimeExecutor}. Confined to its worker. */
final class FakeContainer {
    final ContainerRequest request;
    final RunningContainer running;
    final FakeBehaviour behaviour;
    final List<MonoSink<Void>> awaiting = new ArrayList<>();
    final Deque<String> lastErrorLines = new ArrayDeque<>();
    boolean listening;
    boolean ended;

    FakeContainer(ContainerRequest request, FakeBehaviour behaviour, long pid) {
        this.request = request;
        this.behaviour = behaviour;
        this.running = new RunningContainer(request.plugin(), request.generation(), pid);
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
