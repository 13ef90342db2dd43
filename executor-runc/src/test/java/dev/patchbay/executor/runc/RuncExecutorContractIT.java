package dev.patchbay.executor.runc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.executor.TakeOverContract;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** The executor contract on runc. */
@Tag("runtime")
class RuncExecutorContractIT extends RuncExecutorStage implements TakeOverContract {
    private Optional<RuncExecutor> executor = Optional.empty();

    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    @BeforeEach
    void start() {
        executor = Optional.of(open());
    }

    @Override
    public RuntimeExecutor executor() {
        return executor.orElseThrow();
    }

    @Override
    public RuntimeExecutor another() {
        return open();
    }

    @Override
    public RuntimeExecutor successor() {
        close(executor.orElseThrow());
        executor = Optional.of(open());
        return executor();
    }

    @Override
    public ContainerRequest request(int generation, Behaviour behaviour) {
        return request(
                switch (behaviour) {
                    case LISTENS -> sample();
                    case LISTENS_LATE -> sample().with("SAMPLE_START_DELAY_MS", 100);
                    case NEVER_LISTENS -> sample().with("SAMPLE_NO_SOCKET", 1);
                    case IGNORES_TERM -> sample().with("SAMPLE_IGNORE_SIGTERM", 1);
                    case EXITS_AT_ONCE ->
                        sample().with("SAMPLE_CRASH_AFTER_MS", 0).with("SAMPLE_EXIT_CODE", 7);
                    case CANNOT_BE_CREATED -> sample().running("/nope");
                },
                generation);
    }

    @Override
    public List<String> leftovers() {
        return left();
    }
}
