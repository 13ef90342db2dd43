package dev.patchbay.web;

import dev.patchbay.Force;
import dev.patchbay.PluginException;
import dev.patchbay.VolumeNotFoundException;
import dev.patchbay.volume.MountedVolume;
import dev.patchbay.volume.PruneReport;
import dev.patchbay.volume.VolumeFilter;
import dev.patchbay.volume.VolumeList;
import dev.patchbay.volume.VolumeMount;
import dev.patchbay.volume.VolumeRequest;
import dev.patchbay.volume.VolumeView;
import dev.patchbay.volume.Volumes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Two volumes that are always there, and a record of what was asked. */
public final class ScriptedVolumes implements Volumes {
    /** One that is mounted. */
    public static final VolumeView DB = new VolumeView("db", "vol:latest", "global", Map.of("size", "1"),
            Map.of("team", "a"), Optional.of(Instant.parse("2026-01-02T03:04:05.678Z")),
            Map.of("free", "7", "of", "{\"a\":[1]}"),
            List.of(new VolumeMount("a", VolumeMount.State.MOUNTED, Optional.of(Path.of("/r/db"))),
                    new VolumeMount("b", VolumeMount.State.UNMOUNTING, Optional.empty())),
            Optional.empty());

    /** One whose driver says nothing. */
    public static final VolumeView BARE = new VolumeView("bare", "off:latest", "local", Map.of(), Map.of(),
            Optional.empty(), Map.of(), List.of(), Optional.of("plugin off:latest found but disabled"));

    /** What was asked, in a line each. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    private final AtomicReference<Optional<PluginException>> failure = new AtomicReference<>(
            Optional.empty());
    private volatile List<String> problems = List.of();

    /** Fails with this from now on. */
    public void fail(PluginException with) {
        failure.set(Optional.of(with));
    }

    /** What health tells of. */
    public void problems(String... sentences) {
        problems = List.of(sentences);
    }

    private <T> Mono<T> asked(String what, Supplier<T> answer) {
        return Mono.defer(() -> {
            asked.add(what);
            return failure.get().<Mono<T>>map(Mono::error).orElseGet(() -> Mono.fromSupplier(answer));
        });
    }

    @Override
    public Mono<VolumeView> create(VolumeRequest request) {
        return asked("create " + request, () -> DB);
    }

    @Override
    public Mono<VolumeList> list(VolumeFilter filter) {
        return asked("list " + filter,
                () -> new VolumeList(List.of(BARE, DB), List.of("off does not answer")));
    }

    @Override
    public Mono<VolumeView> inspect(String name) {
        return asked("inspect " + name, () -> {
            if (!name.equals("db")) {
                throw new VolumeNotFoundException(name, "get " + name + ": no such volume");
            }
            return DB;
        });
    }

    @Override
    public Mono<Void> remove(String name, Force force) {
        return asked("remove " + name + " " + force, () -> true).then();
    }

    @Override
    public Mono<PruneReport> prune(VolumeFilter filter, boolean all) {
        return asked("prune " + filter.labels() + filter.notLabels() + " " + all,
                () -> new PruneReport(List.of("old"), List.of("one is stuck")));
    }

    @Override
    public Mono<MountedVolume> mount(String name, Optional<String> id) {
        return asked("mount " + name + " " + id.orElse("-"),
                () -> new MountedVolume(name, "vol:latest", id.orElse("made-up"), Path.of("/r/" + name)));
    }

    @Override
    public Mono<Void> unmount(String name, String id) {
        return asked("unmount " + name + " " + id, () -> true).then();
    }

    @Override
    public List<String> problems() {
        return problems;
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
