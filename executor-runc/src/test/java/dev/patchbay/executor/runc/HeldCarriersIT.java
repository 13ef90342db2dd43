package dev.patchbay.executor.runc;

import static dev.patchbay.executor.RuntimeExecutorContract.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.testing.HeldCarriers;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Virtual threads of the host may wait for each other, or for classes, as long as they like. */
@Tag("runtime")
class HeldCarriersIT extends RuncExecutorStage {
    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    @Test
    void aContainerLivesAndIsTakenOverWhileNoVirtualThreadGoesOn() throws Exception {
        ContainerRequest wanted = request(sample(), 1);
        try (var _ = HeldCarriers.take()) {
            RuncExecutor first = open();
            first.claim().block(PATIENCE);
            RunningContainer running = first.start(wanted).blockOptional(PATIENCE).orElseThrow();
            close(first);

            RuncExecutor second = open();
            second.claim().block(PATIENCE);
            assertThat(second.present().collectList().block(PATIENCE)).containsExactly(PLUGIN);
            assertThat(second.takeOver(wanted).block(PATIENCE))
                    .isEqualTo(new TakeOver.Running(running, true));
            assertThat(second.running().collectList().block(PATIENCE)).containsExactly(running);
            second.delete(PLUGIN).block(PATIENCE);
            close(second);
        }
    }
}
