package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.Status.State;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.ModelOutside.Doing;
import dev.patchbay.event.Recorders;
import dev.patchbay.limits.PluginLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Sinks;

/** Who comes first is served first, and closing wins over everybody. Each test was a failure of the model once. */
class StateOwnerOrderTest {
    private static final Command.Enable ENABLE = new Command.Enable(Lives.PLUGIN, Duration.ofSeconds(5));
    private static final Command.Disable DISABLE = new Command.Disable(Lives.PLUGIN, Force.NO);
    private static final Outcome CLOSING = new Outcome.Failed(new Refusal.Closing());

    private final ModelOutside outside = new ModelOutside(Lives.unwanted().record(), Lives.GENERATION);
    private final Chronicle chronicle = new Chronicle(Recorders.immediate(), PluginLimits.NONE, new Tally());
    private final StateOwner owner = new StateOwner(EngineConfig.of(_ -> {}), outside, chronicle,
            new FirstRound(_ -> {}), Clock.fixed(Lives.NOW, ZoneOffset.UTC));

    @Test
    void anAskThatWaitsGoesBeforeOneThatCameLaterAndWasHeld() {
        owner.adopt(new PluginState.Stopped(Lives.unwanted()));
        var first = ask(ENABLE);
        var second = ask(DISABLE);
        end(Doing.Start.class);
        end(Doing.Dial.class);
        deliverAll(); // ready: the disk is asked
        var third = ask(ENABLE);
        end(Doing.Save.class);
        deliverAll();
        assertThat(first.answers).containsExactly(new Outcome.Done());
        assertThat(third.answers).as("waits behind the disable").isEmpty();
        endAll();
        assertThat(second.answers).containsExactly(new Outcome.Done());
        assertThat(third.answers).containsExactly(new Outcome.Done());
        assertThat(state()).isEqualTo(State.RUNNING);
    }

    @Test
    void anAskThatWasHeldWhenTheEngineBeganToCloseStartsNothing() {
        run();
        var disable = ask(DISABLE);
        var enable = ask(ENABLE);
        var closed = close();
        endAll();
        assertThat(disable.answers).containsExactly(new Outcome.Done());
        assertThat(enable.answers).containsExactly(CLOSING);
        assertThat(closed.scan(Scannable.Attr.TERMINATED)).isTrue();
        assertThat(outside.live).isEmpty();
    }

    @Test
    void nothingIsRestoredOnceTheEngineCloses() {
        owner.adopt(new PluginState.Restoring(Lives.wanted()));
        var closed = close();
        owner.handle(new Letter.Report(new Command.Restore(Lives.PLUGIN)));
        assertThat(outside.underWay).noneMatch(Doing.Find.class::isInstance);
        endAll();
        assertThat(closed.scan(Scannable.Attr.TERMINATED)).isTrue();
    }

    @Test
    void disablingWhileBackingOffRemovesAContainerThatCouldNotBeRemovedBefore() {
        var life = Lives.wanted();
        owner.adopt(new PluginState.BackingOff(life, Lives.NOW));
        outside.live.add(life.generation());
        var reply = ask(DISABLE);
        endAll();
        assertThat(outside.live).isEmpty();
        assertThat(reply.answers).containsExactly(new Outcome.Done());
        assertThat(state()).isEqualTo(State.STOPPED);
    }

    private void run() {
        owner.adopt(new PluginState.Running(Lives.wanted()));
        outside.live.add(Lives.GENERATION);
    }

    private CountedReply ask(Command.Asked command) {
        var reply = new CountedReply();
        owner.handle(new Letter.Ask(command, "test", reply));
        return reply;
    }

    private Sinks.One<List<String>> close() {
        Sinks.One<List<String>> reply = Sinks.one();
        owner.handle(new Letter.Close(reply));
        return reply;
    }

    private void end(Class<? extends Doing> kind) {
        deliverAll();
        outside.underWay.stream()
                .filter(kind::isInstance)
                .toList()
                .forEach(doing -> outside.end(doing, true));
    }

    private void deliverAll() {
        while (!outside.mail.isEmpty()) {
            owner.handle(outside.deliver());
        }
    }

    /** Everything but timers. */
    private void endAll() {
        deliverAll();
        while (outside.underWay.stream().anyMatch(doing -> !(doing instanceof Doing.Sleep))) {
            for (Doing doing : List.copyOf(outside.underWay)) {
                if (!(doing instanceof Doing.Sleep)) {
                    outside.end(doing, true);
                }
            }
            deliverAll();
        }
    }

    private State state() {
        return chronicle.snapshot().find(Lives.PLUGIN).orElseThrow().status().state();
    }
}
