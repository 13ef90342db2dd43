package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginView;
import dev.patchbay.Status;
import dev.patchbay.Status.State;
import dev.patchbay.plugin.PluginId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FirstRoundTest {
    private static final PluginId FOLDER = EngineWorld.record("late", true).plugin().id();

    /** What was said when it was over, each time. */
    private final List<Map<String, String>> said = new ArrayList<>();
    private final FirstRound round = new FirstRound(said::add);

    @Test
    void tellsWhatWasTakenOverFromWhatWasStartedAgain() {
        found(view("kept", true, State.RESTORING, 4), view("renewed", true, State.RESTORING, 2),
                view("bad", true, State.RESTORING, 1), view("off", false, State.STOPPED, 9));

        news(view("kept", true, State.RUNNING, 4), view("renewed", true, State.RUNNING, 3), failed("bad"));

        assertThat(round.summary())
                .isEqualTo("4 plugins found, 3 of them wanted: 1 taken over, 1 started again,"
                        + " 1 not running yet (bad:latest); they will be tried again");
        assertThat(round.isOver()).isTrue();
        assertThat(round.absent()).containsExactly(failed("bad").plugin().id());
        assertThat(said).containsExactly(Map.of("plugins", "3", "running", "2"));
    }

    @Test
    void saysNothingOfWhatItsUserStoppedMeanwhile() {
        found(view("stopped", true, State.RESTORING, 1));

        news(view("stopped", false, State.STOPPED, 1));

        assertThat(round.summary()).isEqualTo(
                "1 plugin found, 1 of them wanted: 0 taken over, 0 started again, 0 not running yet");
        assertThat(round.absent()).isEmpty();
    }

    @Test
    void namesTenAtMost() {
        List<String> names = IntStream.range(0, 11).mapToObj(i -> "p" + i).toList();
        names.forEach(name -> round.found(view(name, true, State.RESTORING, 1)));
        round.begin();

        names.forEach(name -> news(failed(name)));

        assertThat(round.summary()).contains("11 not running yet (p0:latest, ", "p9:latest, ...)")
                .doesNotContain("p10");
    }

    @Test
    void isOverAtOnceIfNothingIsWanted() {
        found(view("off", false, State.STOPPED, 9));

        assertThat(round.isOver()).isTrue();
    }

    @Test
    void waitsForEachThatIsWantedAndForNothingElse() {
        found(view("one", true, State.RESTORING, 1), view("two", true, State.RESTORING, 1));
        assertThat(round.awaited()).isEqualTo(2);

        news(view("one", true, State.STARTING, 2));
        assertThat(round.awaited()).as("still under way").isEqualTo(2);
        news(view("one", true, State.RUNNING, 2), failed("two"));

        assertThat(round.isOver()).isTrue();
    }

    @Test
    void waitsUntilAFolderThatCouldNotBeReadWasReadOnceMore() {
        round.awaitFolder(FOLDER);
        found();
        assertThat(round.isOver()).isFalse();

        round.folderWasRead(FOLDER);

        assertThat(round.isOver()).isTrue();
    }

    @Test
    void waitsForAPluginThatWasReadLate() {
        round.awaitFolder(FOLDER);
        found();

        round.found(view("late", true, State.RESTORING, 1));
        round.folderWasRead(FOLDER);

        assertThat(round.isOver()).isFalse();
        news(view("late", true, State.RUNNING, 1));
        assertThat(round.isOver()).isTrue();
    }

    @Test
    void staysOverWhateverIsFoundLater() {
        found();

        round.found(view("late", true, State.RESTORING, 1));

        assertThat(round.isOver()).isTrue();
        assertThat(round.absent()).as("but it should run").containsExactly(FOLDER);
        news(view("late", true, State.RUNNING, 1));
        assertThat(round.absent()).isEmpty();
        assertThat(said).as("once only").hasSize(1);
    }

    private void found(PluginView... views) {
        for (PluginView view : views) {
            round.found(view);
        }
        round.begin();
    }

    private void news(PluginView... views) {
        for (PluginView view : views) {
            round.news(view.plugin().id(), Optional.of(view));
        }
    }

    private static PluginView failed(String name) {
        return new PluginView(EngineWorld.record(name, true).plugin(),
                new Status(State.BACKING_OFF, Instant.EPOCH, 3, 1, Optional.empty(), List.of(),
                        Optional.of("x"),
                        Optional.of(Instant.EPOCH)));
    }

    private static PluginView view(String name, boolean wanted, State state, int generation) {
        return new PluginView(EngineWorld.record(name, wanted).plugin(),
                new Status(state, Instant.EPOCH, generation, 0, Optional.empty(), List.of(), Optional.empty(),
                        Optional.empty()));
    }
}
