package dev.patchbay.simulation;

import dev.patchbay.AmbiguousPluginException;
import dev.patchbay.EngineBusyException;
import dev.patchbay.Force;
import dev.patchbay.InstallRequest;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginBusyException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStartException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.simulation.Attempt.Outcome;
import dev.patchbay.simulation.Step.What;
import dev.patchbay.use.Holder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks what the plan says, hears what comes, and writes both into the ledger. */
final class Client {
    private static final String OVERDUE = "may still come into effect";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(8);

    /** What each plugin can do, as all samples say. */
    private static final String CAPABILITY = "volumedriver";

    /** What those are called that hold a plugin only as long as some work lasts. */
    static final String USING = "work";

    private final World world;
    private final Lane lane;
    private final List<Asking> askings = new ArrayList<>();

    Client(World world, Lane lane) {
        this.world = world;
        this.lane = lane;
    }

    /** Does one step of the plan, if there is an engine to ask. */
    void ask(Step step, Plugins plugins) {
        String name = Plan.name(step.subject());
        Optional<PluginView> view = find(plugins, name);
        view.ifPresent(world.ledger()::check);
        Attempt attempt = world.ledger()
                .begin(step, isCreation(step)
                        ? Optional.empty()
                        : view.map(found -> found.plugin().id()));
        world.trace().tell("ask " + step.what(), name, step.number());
        var asking = new Asking(attempt, this, lane, step.number() % 3 == 0);
        askings.add(asking);
        command(step, attempt, plugins).subscribe(asking);
        if (step.duration() > 0) {
            var _ = lane.after(step.duration(), asking::hangUp);
        }
    }

    private static boolean isCreation(Step step) {
        return step.what() == What.CREATE || step.what() == What.INSTALL;
    }

    /** The plugin of this name as the engine shows it. */
    static Optional<PluginView> find(Plugins plugins, String name) {
        var found = new ArrayList<PluginView>();
        var _ = plugins.inspect(name).onErrorComplete(Client::namesNoPlugin).subscribe(found::add);
        return found.stream().findFirst();
    }

    /** Or several, of which one could not be read when the other was made. */
    private static boolean namesNoPlugin(Throwable e) {
        return e instanceof PluginNotFoundException || e instanceof AmbiguousPluginException;
    }

    /** All plugins as the engine shows them. */
    static List<PluginView> list(Plugins plugins) {
        var found = new ArrayList<PluginView>();
        var _ = plugins.list(PluginFilter.ALL).subscribe(found::add);
        return found;
    }

    private Publisher<?> command(Step step, Attempt attempt, Plugins plugins) {
        String name = attempt.name();
        Force force = attempt.isForced() ? Force.YES : Force.NO;
        return switch (step.what()) {
            case CREATE -> plugins.create(name, context(step));
            case INSTALL -> plugins.install(new InstallRequest(SimulatedRegistry.reference(step.number()),
                    Optional.of(PluginName.parse(name)), List.of(), RegistryAccess.ANONYMOUS));
            case UPGRADE ->
                plugins.upgrade(name, new UpgradeRequest(SimulatedRegistry.reference(step.number()),
                        List.of(), RegistryAccess.ANONYMOUS));
            case ROLL_BACK -> plugins.rollBack(name);
            case SET -> plugins.set(name, List.of("TOKEN=" + step.number()));
            case LIMIT -> plugins.limit(name, limits(step.number()));
            case ENABLE -> plugins.enable(name, START_TIMEOUT);
            case DISABLE -> plugins.disable(name, force);
            case REMOVE -> plugins.remove(name, force);
            case PUSH -> plugins.push(name, RegistryAccess.ANONYMOUS);
            case ACQUIRE -> plugins.acquire(name, CAPABILITY, holder(step.number()));
            case RELEASE -> plugins.release(name, holder(step.number()).id());
            case USE -> plugins.use(name, CAPABILITY, USING, _ -> work(step));
            case COLLECT -> plugins.collectGarbage(step.number() == 0);
            case LIST -> plugins.list(PluginFilter.ALL);
            default -> throw new IllegalArgumentException(step.toString());
        };
    }

    /** The limits that a number stands for: as many processes, or, for each fourth one, those of the engine. */
    private static LimitOverrides limits(int number) {
        return processes(number) == 0
                ? LimitOverrides.NONE
                : new LimitOverrides(OptionalLong.empty(), OptionalLong.empty(),
                        OptionalLong.of(processes(number)), Optional.empty(), Optional.empty(),
                        Optional.empty());
    }

    /** How many processes a plugin may have that was limited so; 0 for any number. */
    static int processes(int number) {
        return number % 4 == 0 ? 0 : number;
    }

    /** The one that a number stands for. */
    static Holder holder(int number) {
        return Holder.durable("h" + number, "holder " + number);
    }

    /** Some ends well, some badly, if the client does not hang up before and the process does not end. */
    private Mono<Integer> work(Step step) {
        long pause = world.surroundings().registryPause() * (1 + step.number());
        return Mono.create(sink -> sink.onDispose(lane.after(pause, () -> {
            if (step.number() % 2 == 0) {
                sink.success(step.number());
            } else {
                sink.error(new IllegalStateException("the work failed"));
            }
        })));
    }

    /** Comes byte by byte, with pauses. */
    private Flux<ByteBuffer> context(Step step) {
        byte[] bytes = SampleImages.context(step.number());
        return Flux.range(0, bytes.length)
                .concatMap(at -> Mono.<ByteBuffer>create(sink -> sink.onDispose(lane.after(
                        world.surroundings().registryPause(),
                        () -> sink.success(ByteBuffer.wrap(bytes, at, 1))))));
    }

    /** Something was answered well. */
    void done(Attempt attempt, Optional<PluginId> made) {
        made.ifPresent(id -> {
            attempt.isAbout(id);
            if (attempt.isCreation()) {
                world.uniqueness().made(attempt, id);
            }
        });
        attempt.end(Outcome.DONE, world.time().now());
        world.heldPlugins().done(attempt);
        world.trace().tell("done " + attempt.what(), attempt.name(), attempt.number());
        world.incarnation().plugins().ifPresent(plugins -> {
            find(plugins, attempt.name()).ifPresent(world.ledger()::check);
            world.keptContent().check();
        });
    }

    /** Something failed. */
    void failed(Attempt attempt, Throwable e) {
        attempt.end(meaning(attempt.what(), e), world.time().now());
        world.trace().tell("failed " + attempt.what(), attempt.name(), attempt.number());
        world.trace().remark(e.getClass().getSimpleName() + ": " + e.getMessage());
    }

    void answeredTwice(Attempt attempt) {
        world.witness().broken(Invariants.OneAnswer.INSTANCE, attempt.what() + " of " + attempt.name());
    }

    /** What a failure says about the plugin. */
    private static Outcome meaning(What what, Throwable e) {
        if (!(e instanceof PluginException failure)) {
            return Outcome.UNKNOWN;
        }
        return switch (failure) {
            case AmbiguousPluginException _,EngineBusyException _,PluginBusyException _,PluginConflictException _,PluginNotFoundException _,InvalidRequestException _,PluginStartException _,PluginUnavailableException _ ->
                Outcome.REFUSED;
            // It may be removed, and its files left; or switched off, and its container left.
            case PluginStorageException _ when what == What.REMOVE || what == What.DISABLE -> Outcome.UNKNOWN;
            // A write that takes too long is not over: the engine says so, in words only.
            case PluginStorageException overdue when String.valueOf(overdue.getMessage()).contains(OVERDUE) ->
                Outcome.UNKNOWN;
            case PluginStorageException _ -> Outcome.NOT_STORED;
            default -> Outcome.UNKNOWN;
        };
    }

    /** Whoever still waits for this process will not be answered. */
    void processDied() {
        askings.clear();
    }

    /** Everybody must have been answered by now. */
    void checkAnswered() {
        for (Asking asking : askings) {
            if (!asking.isOver()) {
                world.witness().broken(Invariants.OneAnswer.INSTANCE, "none for " + asking);
            }
        }
    }
}
