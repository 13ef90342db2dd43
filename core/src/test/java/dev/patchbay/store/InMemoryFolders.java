package dev.patchbay.store;

import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.use.Holder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** The plugins' folders of a store in memory, and what an operator should know of them. */
final class InMemoryFolders {
    static final Path ROOT = Path.of("/in-memory/plugins");

    private final Map<PluginId, Loaded.Intact> plugins = new ConcurrentSkipListMap<>();
    private final Map<PluginId, Loaded.Damaged> damaged = new ConcurrentSkipListMap<>();
    private final List<Loaded> notices = new CopyOnWriteArrayList<>();

    static Path rootfs(PluginId plugin) {
        return ROOT.resolve(plugin.hex()).resolve("rootfs");
    }

    /** A record as it is where it is installed. */
    private static PluginRecord placed(PluginRecord record) {
        return new PluginRecord(record.plugin(), rootfs(record.plugin().id()).toString(), record.config(),
                record.blobsums(), record.manifest(), record.swarmServiceId());
    }

    private static Loaded.Intact fresh(PluginRecord record) {
        return new Loaded.Intact(record, Optional.empty(), Optional.empty(), List.of(),
                LimitOverrides.NONE);
    }

    void put(PluginRecord record) {
        plugins.put(record.plugin().id(), fresh(record));
    }

    /** Makes the folder of a new plugin. */
    void install(PluginRecord record) {
        PluginId id = record.plugin().id();
        if (plugins.putIfAbsent(id, fresh(placed(record))) != null) {
            throw new StoreException("cannot install into " + ROOT.resolve(id.hex()) + ": it exists already",
                    null);
        }
    }

    void upgrade(PluginRecord record) {
        replace(record.plugin().id(), old -> exchanged(record, old));
    }

    void rollBack(PluginRecord record) {
        replace(record.plugin().id(), old -> {
            if (old.previous().isEmpty()) {
                throw new StoreException("there is no previous version below "
                        + ROOT.resolve(record.plugin().id().hex()), null);
            }
            return exchanged(record, old);
        });
    }

    private static Loaded.Intact exchanged(PluginRecord record, Loaded.Intact old) {
        return new Loaded.Intact(placed(record), old.runtime(), Optional.of(old.record()), old.holders(),
                old.limits());
    }

    void save(PluginRecord record) {
        replace(record.plugin().id(),
                old -> new Loaded.Intact(placed(record), old.runtime(), old.previous(), old.holders(),
                        old.limits()));
    }

    void save(PluginId plugin, RuntimeRecord runtime) {
        replace(plugin, old -> new Loaded.Intact(old.record(), Optional.of(runtime), old.previous(),
                old.holders(), old.limits()));
    }

    void save(PluginId plugin, List<Holder> holders) {
        replace(plugin, old -> new Loaded.Intact(old.record(), old.runtime(), old.previous(), holders,
                old.limits()));
    }

    void save(PluginId plugin, LimitOverrides limits) {
        replace(plugin, old -> new Loaded.Intact(old.record(), old.runtime(), old.previous(), old.holders(),
                limits));
    }

    private void replace(PluginId id, UnaryOperator<Loaded.Intact> change) {
        if (plugins.computeIfPresent(id, (_, old) -> change.apply(old)) == null) {
            throw new StoreException(
                    "cannot write below " + ROOT.resolve(id.hex()) + ": there is no such folder", null);
        }
    }

    void remove(PluginId id) {
        plugins.remove(id);
    }

    void damage(PluginId id, String reason) {
        damaged.put(id, new Loaded.Damaged(id, ROOT.resolve(id.hex()), reason));
    }

    void mend(PluginId id) {
        damaged.remove(id);
    }

    void lose(PluginId id) {
        damaged.remove(id);
        plugins.remove(id);
    }

    void putNotice(String problem) {
        notices.add(new Loaded.Notice(ROOT, problem));
    }

    void copyTo(InMemoryFolders other) {
        other.plugins.putAll(plugins);
        other.damaged.putAll(damaged);
        other.notices.addAll(notices);
    }

    Optional<Loaded.Intact> kept(PluginId id) {
        return Optional.ofNullable(plugins.get(id));
    }

    Flux<Loaded> load() {
        return Flux.<Loaded>fromIterable(plugins.values())
                .filter(loaded -> !(loaded instanceof Loaded.Intact(var record, _, _, _, _)
                        && damaged.containsKey(record.plugin().id())))
                .concatWith(Flux.fromIterable(damaged.values()))
                .concatWith(Flux.fromIterable(notices));
    }

    Optional<Loaded> reload(PluginId plugin) {
        return Optional.<Loaded>ofNullable(damaged.get(plugin))
                .or(() -> Optional.ofNullable(plugins.get(plugin)));
    }

    /** The blobs that the plugins need, their previous versions too. */
    Stream<Digest> blobs() {
        return plugins.values()
                .stream()
                .flatMap(intact -> Stream.concat(InMemoryBlobs.of(intact.record()),
                        intact.previous().stream().flatMap(InMemoryBlobs::of)));
    }
}
