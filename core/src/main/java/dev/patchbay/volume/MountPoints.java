package dev.patchbay.volume;

import dev.patchbay.EngineClosedException;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUse;
import dev.patchbay.Plugins;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.stream.TimeLimit;
import dev.patchbay.syscall.Errno;
import dev.patchbay.syscall.ErrnoException;
import dev.patchbay.syscall.HeldFile;
import dev.patchbay.syscall.Mounts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Where volumes are on the host. What a plugin says is a mount point counts only if it is a folder at or below the plugin's
 * propagated mount, and no link leads there: it is opened name by name, each from the folder before it.
 *
 * <p>A look may hang, in the kernel and for ever, where a file system's server does; so each has a limit, and threads that hang
 * are replaced. At one place there is never more than one under way: whoever comes while it hangs is refused at once, so that
 * asking again and again takes no more threads; and so is a plugin of which many hang, so that it leaves some to the others.
 */
final class MountPoints {
    private static final Logger LOG = LoggerFactory.getLogger(MountPoints.class);

    /** Looks for one plugin that may hang, an eighth of what may hang at all. */
    static final int MOST_HANGING_OF_ONE = 32;

    private final Plugins plugins;
    private final VolumeThreads threads;
    private final Duration limit;
    private final Map<Path, UnderWay> underWay = new ConcurrentHashMap<>();

    /** A look that is not over. One that others gave up waiting for hangs. */
    private record UnderWay(String plugin, Sinks.Empty<Void> over, AtomicBoolean hangs) {}

    MountPoints(Plugins plugins, VolumeThreads threads, Duration limit) {
        this.plugins = plugins;
        this.threads = threads;
        this.limit = limit;
    }

    /** The folder on the host that a plugin says a volume is at. Fails with {@link PluginCallException.Unreadable}. */
    Mono<Path> find(PluginUse driver, String propagated, String mountpoint) {
        String plugin = id(driver);
        return Mono.zip(plugins.onHost(plugin, propagated), plugins.onHost(plugin, mountpoint))
                .onErrorMap(InvalidRequestException.class, e -> DriverCalls.unreadable(driver, "Mount",
                        "its mount point cannot be seen: " + e.getMessage()))
                .flatMap(places -> {
                    Path root = places.getT1();
                    Path place = places.getT2();
                    return place.startsWith(root)
                            ? look(plugin, place, () -> checked(driver, root, place))
                            : Mono.<Path>error(DriverCalls.unreadable(driver, "Mount", "its mount point "
                                    + mountpoint + " is outside of its propagated mount " + propagated));
                });
    }

    private static Path checked(PluginUse driver, Path root, Path place) throws IOException {
        try (Walk walk = Walk.to(root, place)) {
            if (!walk.at().isFolder()) {
                throw DriverCalls.unreadable(driver, "Mount",
                        "its mount point is no folder, or a link: " + place);
            }
            return place;
        } catch (ErrnoException e) {
            throw DriverCalls.unreadable(driver, "Mount",
                    "its mount point " + place + " cannot be opened: " + e.getMessage());
        }
    }

    /** Whether something is mounted at a place that was found before; false if it is gone, or the plugin is. */
    Mono<Boolean> isMounted(PluginUse driver, String propagated, Path place) {
        String plugin = id(driver);
        return plugins.onHost(plugin, propagated)
                .flatMap(root -> place.startsWith(root)
                        ? look(plugin, place, () -> isMounted(root, place))
                        : Mono.just(false));
    }

    private static boolean isMounted(Path root, Path place) throws IOException {
        try (Walk walk = Walk.to(root, place)) {
            return !place.equals(root) && Mounts.isMounted(walk.name());
        } catch (ErrnoException e) {
            if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Detaches what is mounted at a place that was found before, if nobody serves it any more; nothing else is touched.
     *
     * @return whether that was so
     */
    Mono<Boolean> detachIfDead(PluginUse driver, String propagated, Path place) {
        String plugin = id(driver);
        return plugins.onHost(plugin, propagated)
                .flatMap(root -> place.startsWith(root) && !place.equals(root)
                        ? look(plugin, place, () -> detachIfDead(root, place))
                        : Mono.just(false));
    }

    private static boolean detachIfDead(Path root, Path place) throws IOException {
        try (Walk walk = Walk.asFarAsServed(root, place)) {
            if (walk.isAt(root) || isServed(walk)) {
                return false;
            }
            Mounts.detach(walk.name());
            LOG.warn("{} was detached: nobody serves what was mounted there", walk.reached());
            return true;
        } catch (ErrnoException e) {
            if (e.is(Errno.EINVAL) || e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
                return false; // gone meanwhile
            }
            throw e;
        }
    }

    private static boolean isServed(Walk walk) throws ErrnoException {
        try {
            walk.at().isFolder();
            return true;
        } catch (ErrnoException e) {
            if (e.is(Errno.ENOTCONN)) {
                return false;
            }
            throw e;
        }
    }

    private <T> Mono<T> look(String plugin, Path place, Callable<T> look) {
        Mono<T> found = turn(plugin, place, look)
                .onErrorMap(RejectedExecutionException.class, _ -> new EngineClosedException())
                .onErrorMap(IOException.class, e -> new PluginStorageException(
                        "cannot look at " + place + ": " + e.getMessage(), e));
        return TimeLimit.on(found, limit, threads.state(), Mono.error(() -> hanging(place)))
                .publishOn(threads.state());
    }

    private PluginStorageException hanging(Path place) {
        Optional.ofNullable(underWay.get(place)).ifPresent(look -> look.hangs().set(true));
        return new PluginStorageException("looking at " + place + " takes longer than " + limit.toSeconds()
                + " s; look whether its file system hangs", null);
    }

    private <T> Mono<T> turn(String plugin, Path place, Callable<T> look) {
        return Mono.defer(() -> {
            var mine = new UnderWay(plugin, Sinks.empty(), new AtomicBoolean());
            UnderWay earlier = underWay.putIfAbsent(place, mine);
            if (earlier == null) {
                return entered(plugin, place, mine, look);
            }
            return earlier.hangs().get()
                    ? Mono.error(() -> new PluginStorageException("an earlier look at " + place
                            + " is not over yet; look whether its file system hangs", null))
                    : earlier.over().asMono().then(turn(plugin, place, look));
        });
    }

    /** Of one plugin's looks so many are under way at a time, since it is not known at once which of them hang. */
    private <T> Mono<T> entered(String plugin, Path place, UnderWay mine, Callable<T> look) {
        List<UnderWay> others = underWay.values()
                .stream()
                .filter(one -> !one.equals(mine) && one.plugin().equals(plugin))
                .toList();
        if (others.size() < MOST_HANGING_OF_ONE) {
            return begun(place, mine, look);
        }
        Optional<UnderWay> sound = others.stream().filter(one -> !one.hangs().get()).findAny();
        if (sound.isEmpty()) {
            return refused(place, mine);
        }
        end(place, mine);
        return sound.get().over().asMono().then(turn(plugin, place, look));
    }

    private <T> Mono<T> refused(Path place, UnderWay mine) {
        end(place, mine);
        return Mono.error(() -> new PluginStorageException("cannot look at " + place + ": as many as "
                + MOST_HANGING_OF_ONE + " mount points of its plugin hang already; look why", null));
    }

    private <T> Mono<T> begun(Path place, UnderWay mine, Callable<T> look) {
        Sinks.One<T> found = Sinks.one(); // which takes what comes after everybody has given up
        try {
            threads.looks().schedule(() -> look(place, mine, look, found));
        } catch (RejectedExecutionException e) {
            end(place, mine);
            throw e;
        } catch (OutOfMemoryError e) {
            end(place, mine);
            return Mono.error(new PluginStorageException(
                    "cannot look at " + place + ": the system has no more threads", e));
        }
        return found.asMono();
    }

    private <T> void look(Path place, UnderWay mine, Callable<T> look, Sinks.One<T> found) {
        try {
            T seen = look.call();
            end(place, mine); // before anybody hears of it and looks again
            found.tryEmitValue(seen).orThrow();
        } catch (Exception | LinkageError e) {
            end(place, mine);
            found.tryEmitError(e).orThrow();
        }
    }

    private void end(Path place, UnderWay mine) {
        underWay.remove(place, mine);
        var _ = mine.over().tryEmitEmpty(); // once is enough
    }

    private static String id(PluginUse driver) {
        return driver.plugin().map(PluginId::hex).orElse(driver.name());
    }

    /** A way from a folder to something below it, opened name by name, so that no link on it is followed. */
    private static final class Walk implements AutoCloseable {
        private final ArrayDeque<HeldFile> held = new ArrayDeque<>();
        private Path name;
        private Path reached;

        private Walk(Path root) throws ErrnoException {
            held.push(HeldFile.at(root));
            name = root;
            reached = root;
        }

        static Walk to(Path root, Path place) throws IOException {
            var walk = new Walk(root);
            try {
                for (Path each : place.equals(root) ? Path.of("") : root.relativize(place)) {
                    if (!each.toString().isEmpty()) {
                        walk.step(each);
                    }
                }
                return walk;
            } catch (ErrnoException | RuntimeException e) {
                walk.close();
                throw e;
            }
        }

        /** The whole way, or as far as to a file system that nobody serves any more, which has no names. */
        static Walk asFarAsServed(Path root, Path place) throws IOException {
            var walk = new Walk(root);
            try {
                for (Path each : root.relativize(place)) {
                    walk.step(each);
                }
                return walk;
            } catch (ErrnoException e) {
                if (e.is(Errno.ENOTCONN)) {
                    return walk;
                }
                walk.close();
                throw e;
            }
        }

        private void step(Path each) throws ErrnoException {
            HeldFile folder = at();
            held.push(folder.below(each.toString()));
            name = folder.path().resolve(each);
            reached = reached.resolve(each);
        }

        boolean isAt(Path place) {
            return reached.equals(place);
        }

        /** The folder that it ends at. */
        Path reached() {
            return reached;
        }

        HeldFile at() {
            return held.element();
        }

        /** The last name of the way, in the folder before it, which stays the same whatever is put in its place. */
        Path name() {
            return name;
        }

        @Override
        public void close() throws IOException {
            while (!held.isEmpty()) {
                held.pop().close();
            }
        }
    }
}
