package dev.patchbay.simulation;

import dev.patchbay.Plugins;
import dev.patchbay.engine.EngineConfig;
import dev.patchbay.engine.EngineOnOtherTime;
import dev.patchbay.engine.Limits;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One process: an engine with its threads, and store, executor and registry client as it has them. */
final class Incarnation {
    private static final Path EXEC_ROOT = Path.of("/sim/run");
    private static final int WORKERS = 4;

    /** As usual, but that nobody waits long for content: a world does not last that long. */
    private static final Limits LIMITS = new Limits(Limits.DEFAULT.start(), Limits.DEFAULT.takeOver(),
            Limits.DEFAULT.delete(), Limits.DEFAULT.look(), Limits.DEFAULT.write(), Duration.ofMinutes(2));

    private final World world;
    private final int number;
    private boolean alive = true;
    private boolean stuck;
    private @Nullable Plugins plugins;

    Incarnation(World world, int number) {
        this.world = world;
        this.number = number;
    }

    /** Opens the engine. */
    Mono<Plugins> open(boolean liveRestore) {
        boolean alike = world.surroundings().mutant() == Mutant.SAME_IDS;
        var chance = new Chance(world.seed() * 31 + (alike ? 0 : number));
        var store = new SimulatedStore(world, pool());
        var executor = new SimulatedExecutor(world.machine(), world.surroundings(), world.time(), pool());
        var registry = new SimulatedRegistry(world.surroundings(), pool());
        var config = EngineConfig.of(c -> c.execRoot(EXEC_ROOT).liveRestore(liveRestore).limits(LIMITS));
        var looks = new SlowLanes(pool(), world.surroundings());
        return new EngineOnOtherTime(lane(), lane(), lane(), pool(), looks, lane(),
                new WorldClock(world.time()),
                chance, new SimulatedHost(world.surroundings()))
                .open(config, store, executor, registry, new SimulatedJournal(world, pool()))
                .doOnNext(opened -> plugins = opened);
    }

    private Lane lane() {
        return new Lane(world.time(), () -> alive);
    }

    private Lanes pool() {
        return new Lanes(WORKERS, world.time(), () -> alive, world.surroundings().chance());
    }

    /** The engine, once it is open, until the process ends. */
    Optional<Plugins> plugins() {
        return alive ? Optional.ofNullable(plugins) : Optional.empty();
    }

    /** Something of it hangs, for good. */
    void getStuck() {
        stuck = true;
    }

    /** Whether nothing but its end can help. */
    boolean isStuck() {
        return alive && stuck;
    }

    boolean isAlive() {
        return alive;
    }

    /** Nothing of it happens any more. */
    void end() {
        alive = false;
    }

    private static final class WorldClock extends Clock {
        private final VirtualTime time;

        WorldClock(VirtualTime time) {
            this.time = time;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(0, time.now());
        }
    }
}
