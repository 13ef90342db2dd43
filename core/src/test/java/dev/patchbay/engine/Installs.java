package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.InstallRequest;
import dev.patchbay.PullProgress;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.image.Platform;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import java.util.List;
import java.util.Optional;

/** An engine for one platform, and what is installed into it. */
final class Installs implements AutoCloseable {
    static final String REMOTE = "registry.example.com/vieux/echo:v1";
    static final String NAME = "registry.example.com/vieux/echo:v1";
    final EngineWorld world = new EngineWorld(c -> c.platform(platform("linux/amd64")), _ -> {});

    static Platform platform(String text) {
        String[] parts = text.split("/", 2);
        return new Platform(parts[0], parts[1], Optional.empty());
    }

    static InstallRequest request(String remote, List<Privilege> granted) {
        return new InstallRequest(Reference.parse(remote), Optional.empty(), granted,
                RegistryAccess.ANONYMOUS);
    }

    Asked<List<PullProgress>> of(InstallRequest request) {
        return world.ask(world.plugins.install(request).collectList());
    }

    Asked<List<PullProgress>> of(String remote) {
        return of(request(remote, List.of()));
    }

    /** After an attempt that came to nothing. */
    void nothingIsLeft() {
        world.settle();
        assertThat(world.store.stagedCount()).isZero();
        assertThat(world.registry.underWay()).isZero();
        assertThat(world.events).isEmpty();
        world.registry.calm();
        world.store.stopDelaying();
        of(REMOTE).done();
    }

    @Override
    public void close() {
        world.close();
    }
}
