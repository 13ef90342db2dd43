package dev.patchbay.volume;

import dev.patchbay.AmbiguousPluginException;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginUse;
import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.Status.State;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.use.Holder;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The volume plugins, as the façade shows them. Legacy ones, which nobody can hold over restarts, are none. */
final class Drivers {
    static final String CAPABILITY = "volumedriver";

    private final Plugins plugins;
    private final Supplier<String> boot;

    /**
     * Looks at nothing yet.
     *
     * @param boot which start of the machine this is
     */
    Drivers(Plugins plugins, Supplier<String> boot) {
        this.plugins = plugins;
        this.boot = boot;
    }

    /** The names of all that are enabled. */
    Mono<List<String>> all() {
        return plugins.byCapability(CAPABILITY).ofType(PluginView.class).map(PluginView::name).collectList();
    }

    /** One as it runs, for some questions. */
    Mono<PluginUse> lookUp(String name) {
        return managed(name, plugins.lookUp(name, CAPABILITY));
    }

    /** One as it runs, held from now on. */
    Mono<PluginUse> acquire(String name, Holder holder) {
        return managed(name, plugins.acquire(name, CAPABILITY, holder));
    }

    Mono<Void> release(String name, Holder holder) {
        return plugins.release(name, holder.id()).onErrorComplete(PluginNotFoundException.class);
    }

    private static Mono<PluginUse> managed(String name, Mono<PluginUse> found) {
        return found.filter(use -> use.plugin().isPresent())
                .switchIfEmpty(Mono.error(() -> new InvalidRequestException("plugin " + name
                        + " is a legacy plugin, which is not managed here: volumes need one that is; see"
                        + " docker plugin install", null)));
    }

    /** The stored name of a plugin; the text itself if there is none. */
    Mono<String> canonical(String name) {
        return plugins.inspect(name)
                .map(PluginView::name)
                .onErrorReturn(PluginException.class, name);
    }

    /** Where a plugin mounts what the host sees, by its own paths. Fails with {@link PluginConflictException} if nowhere. */
    Mono<String> propagatedMount(String name) {
        return plugins.inspect(name).map(Drivers::propagatedMount);
    }

    /** Those who hold a plugin, of all plugins. */
    Mono<List<PluginView>> installed() {
        return plugins.list(PluginFilter.ALL).collectList();
    }

    /** The start that a use is of. */
    Start start(PluginUse use) {
        return new Start(use.plugin().map(PluginId::hex).orElse(""), use.generation(), boot.get());
    }

    /** What can be seen of a volume's plugin now. */
    Mono<Seen> seen(Volume volume) {
        return plugins.inspect(volume.driver())
                .map(this::seen)
                .onErrorResume(PluginNotFoundException.class, _ -> remains(volume))
                .onErrorResume(AmbiguousPluginException.class, _ -> Mono.just(new Seen.Away()))
                .onErrorResume(PluginException.class, _ -> Mono.just(new Seen.Away()));
    }

    private Seen seen(PluginView view) {
        if (!view.plugin().enabled()) {
            return new Seen.Gone();
        }
        return view.status().state() == State.RUNNING
                ? new Seen.Runs(new Start(view.plugin().id().hex(), view.status().generation(), boot.get()),
                        view.inUseBy())
                : new Seen.Away();
    }

    /** One that cannot be read, and may run, is found by its id alone, and is not known not to be there. */
    private Mono<Seen> remains(Volume volume) {
        Optional<String> id = volume.allMounts().map(mount -> mount.start().plugin()).findFirst();
        return id.isEmpty()
                ? Mono.just(new Seen.Gone())
                : plugins.inspect(id.get())
                        .map(this::seen)
                        .onErrorResume(PluginNotFoundException.class, _ -> Mono.just(new Seen.Gone()));
    }

    private static String propagatedMount(PluginView view) {
        String place = view.plugin().config().propagatedMount();
        if (place.isEmpty()) {
            throw new PluginConflictException(view.name(), PluginConflictException.Kind.LACKS_CAPABILITY,
                    "plugin " + view.name() + " has no propagated mount: the host cannot see what it mounts");
        }
        return place;
    }
}
