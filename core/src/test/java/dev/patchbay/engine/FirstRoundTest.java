package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginView;
import dev.patchbay.Status;
import dev.patchbay.Status.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FirstRoundTest {
    private final FirstRound round = new FirstRound();

    @Test
    void tellsWhatWasTakenOverFromWhatWasStartedAgain() {
        found(view("kept", true, State.RESTORING, 4), view("renewed", true, State.RESTORING, 2),
                view("bad", true, State.RESTORING, 1), view("off", false, State.STOPPED, 9));

        round.ended(view("kept", true, State.RUNNING, 4));
        round.ended(view("renewed", true, State.RUNNING, 3));
        round.ended(view("bad", true, State.BACKING_OFF, 3));

        assertThat(round.summary())
                .isEqualTo("4 plugins found, 3 of them wanted: 1 taken over, 1 started again,"
                        + " 1 not running yet (bad:latest); they will be tried again");
    }

    @Test
    void saysNothingOfWhatItsUserStoppedMeanwhile() {
        found(view("stopped", true, State.RESTORING, 1));

        round.ended(view("stopped", false, State.STOPPED, 1));

        assertThat(round.summary()).isEqualTo(
                "1 plugin found, 1 of them wanted: 0 taken over, 0 started again, 0 not running yet");
    }

    @Test
    void namesTenAtMost() {
        PluginView[] many = IntStream.range(0, 11)
                .mapToObj(i -> view("p" + i, true, State.RESTORING, 1))
                .toArray(PluginView[]::new);
        found(many);

        for (PluginView each : many) {
            round.ended(each);
        }

        assertThat(round.summary()).contains("11 not running yet (p0:latest, ", "p9:latest, ...)")
                .doesNotContain("p10");
    }

    private void found(PluginView... views) {
        for (PluginView view : views) {
            round.found(view);
        }
    }

    private static PluginView view(String name, boolean wanted, State state, int generation) {
        return new PluginView(EngineWorld.record(name, wanted).plugin(),
                new Status(state, Instant.EPOCH, generation, 0, Optional.empty(), List.of(), Optional.empty(),
                        Optional.empty()),
                Optional.empty());
    }
}
