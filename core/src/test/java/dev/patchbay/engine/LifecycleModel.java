package dev.patchbay.engine;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.patchbay.Force;
import dev.patchbay.PluginView;
import dev.patchbay.Status.State;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.ModelOutside.Doing;
import dev.patchbay.event.Recorders;
import dev.patchbay.limits.PluginLimits;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import reactor.core.Scannable;
import reactor.core.publisher.Sinks;

/**
 * The state owner with all its rules in a world of symbols, one plugin in it. Each step ends in a look at what must
 * always hold; {@link #comeToRest} ends all faults and looks at what must hold then.
 */
final class LifecycleModel {
    private static final int ROUNDS = 500;

    /**
     * What a life begins with.
     *
     * @param alive whether a container of an earlier process runs
     * @param asWanted whether it would be started as what it is
     */
    record Beginning(boolean wanted, boolean alive, boolean asWanted, boolean liveRestore) {
        static final Beginning IDLE = new Beginning(false, false, false, false);

        static Beginning of(long seed) {
            boolean wanted = seed % 2 == 0;
            return new Beginning(wanted, wanted && seed % 3 != 0, seed % 5 != 0, seed % 7 == 0);
        }
    }

    /** One who asked. */
    private record Asker(Command.Asked command, CountedReply reply) {}

    private final Beginning beginning;
    private final ModelOutside outside;
    private final Chronicle chronicle = new Chronicle(Recorders.immediate(), PluginLimits.NONE, new Tally());
    private final StateOwner owner;
    private final List<Asker> askers = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Optional<Sinks.One<List<String>>> closing = Optional.empty();
    private int generation = Lives.GENERATION;

    private LifecycleModel(Beginning beginning) {
        this.beginning = beginning;
        var life = beginning.wanted ? Lives.wanted() : Lives.unwanted();
        outside = new ModelOutside(life.record(), life.generation());
        var config = EngineConfig.of(c -> c.waitingPerPlugin(8).liveRestore(beginning.liveRestore));
        owner = new StateOwner(config, outside, chronicle, new FirstRound(_ -> {}),
                Clock.fixed(Lives.NOW, ZoneOffset.UTC));
        if (beginning.alive) {
            outside.leave(life.generation(), beginning.asWanted);
        }
        if (beginning.wanted) {
            owner.adopt(new PluginState.Restoring(life));
            outside.mail.add(new Letter.Report(new Command.Restore(Lives.PLUGIN)));
        } else {
            owner.adopt(new PluginState.Stopped(life));
        }
    }

    /** What the steps violate first, or nothing. */
    static Optional<String> violation(Beginning beginning, List<LifecycleStep> steps) {
        return quietly(beginning, steps).outside.broken.stream().findFirst();
    }

    private static LifecycleModel quietly(Beginning beginning, List<LifecycleStep> steps) {
        var model = new LifecycleModel(beginning);
        var logger = (Logger) LoggerFactory.getLogger(StateOwner.class);
        Level level = logger.getLevel();
        logger.setLevel(Level.ERROR);
        logger.setAdditive(false);
        model.log.start();
        logger.addAppender(model.log);
        try {
            model.run(steps);
            return model;
        } finally {
            logger.detachAppender(model.log);
            logger.setAdditive(true);
            logger.setLevel(level);
        }
    }

    private void run(List<LifecycleStep> steps) {
        for (LifecycleStep step : steps) {
            take(step);
            look();
            if (!outside.broken.isEmpty()) {
                return;
            }
        }
        comeToRest();
    }

    private void take(LifecycleStep step) {
        switch (step) {
            case LifecycleStep.Ask(Command.Asked command) -> ask(command);
            case LifecycleStep.Deliver() -> {
                if (!outside.mail.isEmpty()) {
                    owner.handle(outside.deliver());
                }
            }
            case LifecycleStep.Happen(int choice, boolean well) -> {
                if (!outside.underWay.isEmpty()) {
                    outside.end(outside.underWay.get(choice % outside.underWay.size()), well);
                }
            }
            case LifecycleStep.Fall() -> outside.live.stream().findFirst().ifPresent(outside::fall);
            case LifecycleStep.Stall() -> {
                if (outside.writing()) {
                    owner.handle(new Letter.Overdue(Lives.PLUGIN));
                }
            }
            case LifecycleStep.Close() -> close();
        }
    }

    private void ask(Command.Asked command) {
        var reply = new CountedReply();
        askers.add(new Asker(command, reply));
        owner.handle(new Letter.Ask(command, "model", reply));
    }

    private void close() {
        if (closing.isEmpty()) {
            Sinks.One<List<String>> reply = Sinks.one();
            closing = Optional.of(reply);
            owner.handle(new Letter.Close(reply));
        }
    }

    /** What must hold after each step. */
    private void look() {
        outside.must(outside.live.size() <= 1, "two live containers: " + outside.live);
        outside.must(log.list.isEmpty(), "the state owner says: "
                + log.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
        for (Asker asker : askers) {
            outside.must(asker.reply.answers.size() <= 1, "answered twice: " + asker);
        }
        view().ifPresent(view -> {
            outside.must(view.status().generation() >= generation, "the generation shrank");
            generation = view.status().generation();
            outside.must(
                    outside.disk.isEmpty() || !settled() || outside.disk.get().plugin().equals(view.plugin()),
                    "shows " + view.plugin() + " but the disk has " + outside.disk);
            outside.must(view.plugin().enabled() || view.inUseBy().isEmpty(),
                    "it is not wanted, and held by " + view.inUseBy());
            outside.must(!settled() || !view.plugin().enabled()
                    || view.inUseBy().durable().equals(outside.durable),
                    "held by " + view.inUseBy() + " but the disk has " + outside.durable);
        });
    }

    /** Each version that somebody brought is installed or discarded, once. */
    private void lookAtVersions() {
        for (Asker asker : askers) {
            if (asker.command instanceof Command.Upgrade upgrade) {
                outside.must(outside.ended.stream().filter(upgrade.delivery().staged()::equals).count() == 1,
                        "left behind, or discarded twice: " + upgrade);
            }
        }
        view().ifPresent(view -> outside.must(
                view.previousReference().equals(outside.previous.map(was -> was.plugin().reference())),
                "shows another previous version than the disk has"));
    }

    private boolean settled() {
        return outside.mail.stream().noneMatch(Letter.Stored.class::isInstance);
    }

    private Optional<PluginView> view() {
        return chronicle.snapshot().find(Lives.PLUGIN);
    }

    private void comeToRest() {
        endFaults();
        if (view().filter(view -> view.status().state() == State.STUCK).isPresent() && closing.isEmpty()) {
            ask(new Command.Disable(Lives.PLUGIN, Force.NO));
            endFaults();
        }
        look();
        outside.must(outside.mail.isEmpty() && outside.underWay.isEmpty(), "it does not come to rest");
        for (Asker asker : askers) {
            outside.must(asker.reply.answers.size() == 1, "forgotten: " + asker);
        }
        view().ifPresent(this::lookAtRest);
        lookAtVersions();
        outside.must(view().isPresent() == outside.disk.isPresent(),
                "disk and memory disagree on its existence");
        closing.ifPresent(reply -> outside.must(
                Boolean.TRUE.equals(reply.scan(Scannable.Attr.TERMINATED)), "it never closes"));
    }

    private void lookAtRest(PluginView view) {
        if (closing.isPresent() && beginning.liveRestore && view.plugin().enabled()) {
            return; // whatever it was is right, as long as it is one
        }
        boolean on = view.plugin().enabled() && closing.isEmpty();
        State state = view.status().state();
        outside.must(
                state == (on ? State.RUNNING : State.STOPPED)
                        || (state == State.STUCK && closing.isPresent()),
                "wanted is " + view.plugin().enabled() + ", but it is " + state);
        outside.must(state == State.STUCK || outside.live.isEmpty() != on,
                "live containers: " + outside.live);
    }

    /** From now on everything goes well; a timer fires when nothing else is left to happen. */
    private void endFaults() {
        for (int round = 0; round < ROUNDS; round++) {
            if (!outside.mail.isEmpty()) {
                owner.handle(outside.deliver());
            } else if (outside.underWay.isEmpty()) {
                return;
            } else {
                outside.end(next(), true);
            }
            look();
        }
    }

    private Doing next() {
        return outside.underWay.stream()
                .filter(doing -> !(doing instanceof Doing.Sleep))
                .findFirst()
                .orElseGet(outside.underWay::getFirst);
    }

    /** How many askers got what they asked for; a world in which nobody ever does proves nothing. */
    static long successes(Beginning beginning, List<LifecycleStep> steps) {
        return quietly(beginning, steps).askers.stream()
                .filter(asker -> asker.reply.answers.stream().anyMatch(Outcome.Done.class::isInstance))
                .count();
    }
}
