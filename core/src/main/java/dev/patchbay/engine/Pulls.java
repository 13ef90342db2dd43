package dev.patchbay.engine;

import dev.patchbay.Consent;
import dev.patchbay.InstallRequest;
import dev.patchbay.PullProgress;
import dev.patchbay.UnusableImageException;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Delivery.Origin;
import dev.patchbay.engine.Progress.Teller;
import dev.patchbay.engine.Ticket.Claim;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.PluginImage;
import dev.patchbay.image.RawManifest;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.plugin.Privileges;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.Registry;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.store.InvalidContentException;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** Plugins that come from registries. */
final class Pulls {
    /** What the steps of a pull are about, besides layers. */
    private enum Subject {
        RESOLVED, SETTINGS
    }

    private final Works works;

    Pulls(Works works) {
        this.works = works;
    }

    Mono<List<Privilege>> privileges(Reference remote, RegistryAccess access) {
        return works.untilClosing(Mono.defer(() -> {
            RemoteImage image = image(remote, access);
            return image.resolve()
                    .flatMap(raw -> parts(image, raw))
                    .map(plugin -> Privileges.of(plugin.parsed()));
        }).publishOn(works.threads().replies()));
    }

    Flux<PullProgress> install(InstallRequest request) {
        return works.progress(teller -> {
            PluginName name = request.alias().orElseGet(() -> PluginName.of(request.remote()));
            var ticket = new Ticket(Intake.newId(works), new Claim.Name(name));
            var consent = new Consent.Exactly(request.granted());
            return measured(
                    new Intake(works).of(ticket, pull(request.remote(), request.access(), consent, teller)))
                    .thenReturn(new PullProgress.Done(ticket.plugin()));
        });
    }

    Flux<PullProgress> upgrade(String nameOrId, UpgradeRequest request) {
        return works.progress(teller -> {
            PluginId plugin = works.snapshot().named(nameOrId).plugin().id();
            var ticket = new Ticket(plugin, new Claim.Upgrade(plugin));
            var consent = new Consent.Exactly(request.granted());
            return measured(
                    new Intake(works).of(ticket, pull(request.remote(), request.access(), consent, teller)))
                    .map(done -> upgraded(plugin, done, teller));
        });
    }

    /** One that nobody waits for any more counts as failed. */
    private <T> Mono<T> measured(Mono<T> pull) {
        return Mono.defer(() -> {
            long begun = System.nanoTime();
            return pull.doFinally(
                    end -> works.tally().pulled(end == SignalType.ON_COMPLETE, System.nanoTime() - begun));
        });
    }

    private static PullProgress upgraded(PluginId plugin, Outcome.Done done, Teller<PullProgress> teller) {
        if (!done.dropped().isEmpty()) {
            teller.tell(Subject.SETTINGS, new PullProgress.SettingsDropped(done.dropped()));
        }
        return new PullProgress.Done(plugin);
    }

    /** Everything up to the staged plugin; nothing happens before it is subscribed to. */
    private Mono<Delivery> pull(
            Reference remote,
            RegistryAccess access,
            Consent consent,
            Teller<PullProgress> teller) {
        return Mono.defer(() -> {
            RemoteImage image = image(remote, access);
            return image.resolve()
                    .flatMap(raw -> {
                        var resolved = new PullProgress.Resolved(remote.withDefaultTag(), raw.digest());
                        teller.tell(Subject.RESOLVED, resolved);
                        return parts(image, raw);
                    })
                    .flatMap(plugin -> stage(image, plugin, consent, teller));
        });
    }

    private Mono<Delivery> stage(
            RemoteImage image,
            PluginImage plugin,
            Consent consent,
            Teller<PullProgress> teller) {
        // What is asked for is judged by what was fetched, which is what will be stored (D2).
        ConsentCheck.require(plugin.parsed(), consent);
        var unpacking = works.fedWorks().of("unpacking " + image.reference().familiar());
        var fetched = new FetchedBytes(works.tally());
        return unpacking.limited(works.store()
                .stage(plugin, layer -> unpacking.fed(image.layer(layer)),
                        progress -> {
                            fetched.moved(progress);
                            unpacking.moved();
                            tell(progress, teller);
                        }))
                .onErrorMap(InvalidContentException.class,
                        e -> new UnusableImageException(String.valueOf(e.getMessage()), e))
                .map(staged -> new Delivery(staged, new Origin.Remote(image.reference())));
    }

    private static void tell(LayerProgress progress, Teller<PullProgress> teller) {
        teller.tell(progress.layer(), new PullProgress.Layer(progress));
    }

    private Mono<PluginImage> parts(RemoteImage image, RawManifest raw) {
        return new ImageFetch(image, works.config().platform(), works.threads().work(),
                image.reference().full()).of(raw);
    }

    private RemoteImage image(Reference remote, RegistryAccess access) {
        Reference exact = RemoteImage.exact(remote);
        return new RemoteImage(works.registry().repository(exact, Registry.Action.PULL, access), exact);
    }
}
