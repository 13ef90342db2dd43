package dev.patchbay.engine;

import dev.patchbay.engine.Effect.SetTimer;
import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.StagedPlugin;
import dev.patchbay.use.Holder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Sinks;

/**
 * Executor, disk and timers of the model world, for one plugin. What is ordered is under way until a step ends it, well
 * or not; what comes of it is a letter that reaches the state thread later, in order.
 */
final class ModelOutside implements Effects {
    /** Something under way. */
    sealed interface Doing {
        record Start(int generation) implements Doing {}

        record Dial(int generation) implements Doing {}

        record Find(int generation) implements Doing {}

        record Stop(int generation) implements Doing {}

        record Sleep(SetTimer timer) implements Doing {}

        record Save(PluginRecord record) implements Doing {}

        record SaveHolders(List<Holder> holders) implements Doing {}

        record SaveLimits(LimitOverrides limits) implements Doing {}

        record Remove() implements Doing {}

        record Upgrade(StagedPlugin staged, PluginRecord record) implements Doing {}

        record RollBack(PluginRecord record) implements Doing {}

        record Discard() implements Doing {}

        record SaveRuntime() implements Doing {}

        record Purge() implements Doing {}
    }

    final Deque<Letter> mail = new ArrayDeque<>();
    final List<Doing> underWay = new ArrayList<>();
    final Set<Integer> live = new HashSet<>();
    final List<String> broken = new ArrayList<>();
    Optional<PluginRecord> disk;
    Optional<PluginRecord> previous = Optional.empty();

    /** What was staged and has found its end: a version, or nothing. */
    final List<StagedPlugin> ended = new ArrayList<>();
    int lastStart;

    /** Who holds it over restarts, as the disk knows. */
    List<Holder> durable = List.of();

    private boolean asWanted;

    /** The start that no clean-up has answered for yet, 0 for none. */
    private int owed;

    ModelOutside(PluginRecord record, int generation) {
        this.disk = Optional.of(record);
        this.lastStart = generation;
    }

    @Override
    public void run(Effect effect) {
        switch (effect) {
            case StartContainer start -> orderStart(start);
            case Effect.FindContainer find -> {
                must(underWay.stream().noneMatch(Doing.Find.class::isInstance), "looked for twice at once");
                underWay.add(new Doing.Find(find.generation()));
            }
            case Effect.Dial dial -> {
                must(live.isEmpty() || live.contains(dial.generation()), "dials what is not the one");
                underWay.add(new Doing.Dial(dial.generation()));
            }
            case Effect.StopFound stop -> orderStop(stop.generation());
            case StopContainer(_, int generation) -> orderStop(generation);
            case SetTimer timer -> underWay.add(new Doing.Sleep(timer));
            case Effect.Purge _ -> {
                must(disk.isEmpty(), "purged before it was removed on disk");
                underWay.add(new Doing.Purge());
            }
        }
    }

    private void orderStart(StartContainer start) {
        must(owed == 0, "generation " + start.generation() + " starts before " + owed + " was cleaned up");
        must(start.generation() > lastStart, "generation " + start.generation() + " follows " + lastStart);
        must(start.record().plugin().settings().equals(disk.orElseThrow().plugin().settings()),
                "starts with settings that are not on disk");
        lastStart = start.generation();
        owed = start.generation();
        underWay.add(new Doing.Start(start.generation()));
    }

    private void orderStop(int generation) {
        must(generation == lastStart, "stops " + generation + ", but " + lastStart + " was started last");
        must(underWay.stream().noneMatch(Doing.Stop.class::isInstance), "two stops at once");
        underWay.remove(new Doing.Find(generation));
        underWay.remove(new Doing.Start(generation));
        underWay.remove(new Doing.Dial(generation));
        underWay.add(new Doing.Stop(generation));
    }

    @Override
    public void save(PluginRecord record) {
        must(!writing(), "two writes of one record at once");
        underWay.add(new Doing.Save(record));
    }

    @Override
    public void enable(PluginRecord record) {
        durable = List.of();
        save(record);
    }

    @Override
    public void switchOff(PluginRecord record) {
        save(record);
    }

    @Override
    public void saveHolders(Life life) {
        must(!writing(), "two writes of one record at once");
        underWay.add(new Doing.SaveHolders(life.holders().durable()));
    }

    @Override
    public void saveLimits(Life life) {
        must(!writing(), "two writes of one record at once");
        underWay.add(new Doing.SaveLimits(life.limits()));
    }

    @Override
    public void remove(PluginId plugin) {
        must(!writing(), "two writes of one record at once");
        must(live.isEmpty(), "removed while a container lives");
        underWay.add(new Doing.Remove());
    }

    boolean writing() {
        return underWay.stream()
                .anyMatch(doing -> doing instanceof Doing.Save || doing instanceof Doing.SaveHolders
                        || doing instanceof Doing.SaveLimits
                        || doing instanceof Doing.Remove
                        || doing instanceof Doing.Upgrade || doing instanceof Doing.RollBack);
    }

    @Override
    public void saveRuntime(Life life) {
        must(underWay.stream().noneMatch(Doing.SaveRuntime.class::isInstance),
                "two writes of runtime at once");
        underWay.add(new Doing.SaveRuntime());
    }

    @Override
    public void install(StagedPlugin staged, PluginRecord record) {
        must(false, "nobody installs anything here");
    }

    @Override
    public void discard(StagedPlugin staged) {
        ended.add(staged);
        underWay.add(new Doing.Discard());
    }

    @Override
    public void upgrade(StagedPlugin staged, PluginRecord record) {
        mustBeExchangeable();
        underWay.add(new Doing.Upgrade(staged, record));
    }

    @Override
    public void rollBack(PluginRecord record) {
        mustBeExchangeable();
        must(previous.isPresent(), "rolled back to nothing");
        underWay.add(new Doing.RollBack(record));
    }

    private void mustBeExchangeable() {
        must(!writing(), "two writes of one record at once");
        must(live.isEmpty() && owed == 0, "the version changes under a container");
    }

    @Override
    public void readAgain(PluginId plugin, Duration pause) {
        must(false, "there is no folder that cannot be read here");
    }

    @Override
    public void restore(PluginId plugin) {
        must(false, "no folder was read again here");
    }

    @Override
    public void findLeftOvers() {
        must(false, "nothing was kept for the sake of such a folder");
    }

    @Override
    public void sweep(PluginId plugin) {
        must(false, "there is no plugin without a record here");
    }

    @Override
    public void forget(PluginId plugin) {
        must(false, "there is no log without a plugin here");
    }

    @Override
    public void collectGarbage() {}

    @Override
    public void collectGarbage(boolean dryRun, Sinks.One<GarbageReport> reply) {}

    /** Ends what is under way. */
    void end(Doing doing, boolean well) {
        underWay.remove(doing);
        switch (doing) {
            case Doing.Start(int generation) -> endStart(generation, well);
            case Doing.Dial(int generation) -> news(well
                    ? new Command.ContainerReady(Lives.PLUGIN, generation)
                    : new Command.ContainerNotStarted(Lives.PLUGIN, generation, "no answer"));
            case Doing.Find(int generation) -> endSearch(generation, well);
            case Doing.Stop(int generation) -> endStop(generation, well);
            case Doing.Sleep(SetTimer timer) ->
                news(new Command.TimerFired(Lives.PLUGIN, timer.generation(), timer.timer()));
            case Doing.Save(PluginRecord record) -> stored(well ? Optional.of(record) : disk, well);
            case Doing.SaveHolders(List<Holder> holders) -> {
                durable = well ? holders : durable;
                stored(disk, well);
            }
            case Doing.SaveLimits _ -> stored(disk, well);
            case Doing.Remove() -> stored(well ? Optional.empty() : disk, well);
            case Doing.Upgrade(StagedPlugin staged, PluginRecord record) -> {
                if (well) {
                    ended.add(staged);
                }
                exchanged(record, well);
            }
            case Doing.RollBack(PluginRecord record) -> exchanged(record, well);
            case Doing.Discard() -> mail.add(new Letter.Discarded());
            case Doing.SaveRuntime() -> mail.add(new Letter.RuntimeSaved(Lives.PLUGIN));
            case Doing.Purge() ->
                news(new Command.Purged(Lives.PLUGIN, well ? Optional.empty() : Optional.of("busy")));
        }
    }

    /** What is left of an earlier start is removed first, or the start fails: the executor's contract. */
    private void endStart(int generation, boolean well) {
        if (!well) {
            news(new Command.ContainerNotStarted(Lives.PLUGIN, generation, "runc says no"));
            return;
        }
        List.copyOf(live).forEach(this::fall);
        live.add(generation);
        news(new Command.ContainerStarted(Lives.PLUGIN, generation));
        underWay.add(new Doing.Dial(generation));
    }

    private void endSearch(int generation, boolean well) {
        if (!well) {
            news(new Command.ContainerNotFound(Lives.PLUGIN, "runc says no"));
        } else if (live.isEmpty()) {
            news(found(new TakeOver.Nothing(generation)));
        } else {
            owed = generation;
            news(found(new TakeOver.Running(new RunningContainer(Lives.PLUGIN, generation, 7), asWanted)));
        }
    }

    private static Command.Reported found(TakeOver what) {
        return new Command.ContainerFound(Lives.PLUGIN, what, Optional.empty());
    }

    /** An earlier process has left a container. */
    void leave(int generation, boolean asFoundWanted) {
        live.add(generation);
        asWanted = asFoundWanted;
    }

    private void endStop(int generation, boolean well) {
        if (well) {
            List.copyOf(live).forEach(this::fall);
            news(new Command.ContainerStopped(Lives.PLUGIN, generation));
        } else {
            news(new Command.ContainerNotStopped(Lives.PLUGIN, generation, "it outlived KILL"));
        }
    }

    /** A process ends. */
    void fall(int generation) {
        live.remove(generation);
        news(new Command.ContainerExited(
                Lives.PLUGIN, generation, new ExitStatus.Exited(3), List.of("words")));
    }

    private void exchanged(PluginRecord record, boolean well) {
        if (well) {
            previous = disk;
        }
        stored(well ? Optional.of(record) : disk, well);
    }

    private void stored(Optional<PluginRecord> now, boolean well) {
        disk = now;
        mail.add(new Letter.Stored(Lives.PLUGIN, well ? Optional.empty() : Optional.of("disk full")));
    }

    private void news(Command.Reported news) {
        mail.add(new Letter.Report(news));
    }

    /** The engine hears a letter: from now on it may order what the letter allows. */
    Letter deliver() {
        Letter letter = mail.remove();
        if (letter instanceof Letter.Report(Command.Reported news)
                && (news instanceof Command.ContainerStopped
                        || news instanceof Command.ContainerNotStopped)) {
            owed = 0;
        }
        return letter;
    }

    void must(boolean holds, String message) {
        if (!holds) {
            broken.add(message);
        }
    }
}
