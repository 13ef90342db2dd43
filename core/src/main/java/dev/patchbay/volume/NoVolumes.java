package dev.patchbay.volume;

import dev.patchbay.Force;
import dev.patchbay.InvalidRequestException;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** No volumes, and no way to make one. */
enum NoVolumes implements Volumes {
    NONE;

    @Override
    public Mono<VolumeView> create(VolumeRequest request) {
        return Mono.error(() -> new InvalidRequestException("this server offers no volumes", null));
    }

    @Override
    public Mono<VolumeList> list(VolumeFilter filter) {
        return Mono.just(new VolumeList(List.of(), List.of()));
    }

    @Override
    public Mono<VolumeView> inspect(String name) {
        return missing(name);
    }

    @Override
    public Mono<Void> remove(String name, Force force) {
        return force == Force.YES ? Mono.empty() : missing(name);
    }

    @Override
    public Mono<PruneReport> prune(VolumeFilter filter, boolean all) {
        return Mono.just(new PruneReport(List.of(), List.of()));
    }

    @Override
    public Mono<MountedVolume> mount(String name, Optional<String> id) {
        return missing(name);
    }

    @Override
    public Mono<Void> unmount(String name, String id) {
        return Mono.empty();
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    private static <T> Mono<T> missing(String name) {
        return Mono.error(() -> Search.missing(name, List.of()));
    }
}
