package dev.patchbay.volume;

import dev.patchbay.PluginException;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.volume.DriverCalls.Entry;
import dev.patchbay.volume.Views.Told;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What there is. Drivers are asked side by side; one that does not answer costs its own volumes a warning, and nothing else. */
final class Listing {
    private final Workshop workshop;
    private final Search search;
    private final Scopes scopes;
    private final Scheduler replies;

    Listing(Workshop workshop, Search search, Scheduler replies) {
        this.workshop = workshop;
        this.replies = replies;
        this.search = search;
        this.scopes = new Scopes(workshop);
    }

    /** What a driver has, or why it does not say. */
    private record Answer(String driver, String scope, Map<String, Entry> entries, Optional<String> failure) {
        static Answer of(String driver, String scope, List<Entry> entries) {
            var byName = new LinkedHashMap<String, Entry>();
            entries.forEach(entry -> byName.put(entry.name(), entry));
            return new Answer(driver, scope, byName, Optional.empty());
        }
    }

    Mono<VolumeList> list(VolumeFilter filter) {
        return Mono.defer(() -> {
            Book book = workshop.file().book();
            return workshop.drivers().all().flatMapMany(enabled -> {
                var drivers = new TreeSet<>(enabled);
                book.all().forEach(volume -> drivers.add(volume.driver()));
                return Flux.fromIterable(drivers);
            })
                    .flatMapSequential(this::ask, Search.SIDE_BY_SIDE)
                    .collectList()
                    .publishOn(replies) // what follows is long work for the thread of a driver's connection
                    .flatMap(answers -> views(book, answers).map(views -> new VolumeList(
                            views.stream().filter(filter::test).toList(), warnings(answers))));
        });
    }

    private Mono<Answer> ask(String driver) {
        return workshop.drivers()
                .lookUp(driver)
                .flatMap(use -> Mono.zip(workshop.calls().list(use), scopes.of(use)))
                .map(told -> Answer.of(driver, told.getT2(), told.getT1()))
                .onErrorResume(PluginException.class, failure -> Mono.just(new Answer(driver,
                        VolumeView.LOCAL, Map.of(), Optional.of(String.valueOf(failure.getMessage())))));
    }

    private static List<String> warnings(List<Answer> answers) {
        var warnings = new ArrayList<String>();
        for (Answer answer : answers) {
            answer.failure()
                    .ifPresent(why -> warnings.add("error listing volumes of driver '" + answer.driver()
                            + "', of which only those are shown that are known here: " + why));
            long odd = answer.entries().keySet().stream().filter(name -> !VolumeNames.isName(name)).count();
            if (odd > 0) {
                warnings.add("driver '" + answer.driver() + "' has " + odd
                        + " volumes that are not shown: their names are not allowed");
            }
        }
        return warnings;
    }

    private Mono<List<VolumeView>> views(Book book, List<Answer> answers) {
        Map<String, Answer> byDriver = new HashMap<>();
        answers.forEach(answer -> byDriver.put(answer.driver(), answer));
        Flux<VolumeView> known = Flux.fromIterable(book.all())
                .concatMap(volume -> workshop.drivers()
                        .seen(volume)
                        .map(plugin -> Views.of(volume, plugin, told(
                                Objects.requireNonNull(byDriver.get(volume.driver())), volume.name()))));
        Flux<VolumeView> others = Flux.fromIterable(answers)
                .concatMapIterable(answer -> answer.entries()
                        .values()
                        .stream()
                        .filter(entry -> VolumeNames.isName(entry.name()))
                        .filter(entry -> book.find(entry.name())
                                .filter(volume -> volume.driver().equals(answer.driver()))
                                .isEmpty())
                        .map(entry -> Views.of(answer.driver(), entry, answer.scope(), Optional.empty()))
                        .toList());
        return Flux.concat(known, others)
                .distinct(view -> view.name() + "/" + view.driver())
                .sort(Comparator.comparing(VolumeView::name).thenComparing(VolumeView::driver))
                .collectList();
    }

    private static Told told(Answer answer, String volume) {
        return new Told(Optional.ofNullable(answer.entries().get(volume)), answer.scope(), answer.failure());
    }

    /** Those that are remembered and pass a filter; no driver is asked. */
    Mono<List<VolumeView>> known(VolumeFilter filter) {
        var unasked = new Told(Optional.empty(), VolumeView.LOCAL, Optional.empty());
        return Flux.defer(() -> Flux.fromIterable(workshop.file().book().all()))
                .concatMap(volume -> workshop.drivers()
                        .seen(volume)
                        .map(plugin -> Views.of(volume, plugin, unasked)))
                .filter(filter::test)
                .collectList();
    }

    /** One volume, in whoever's hands it is. */
    Mono<VolumeView> inspect(String name) {
        return workshop.file()
                .ready()
                .then(remembered(name))
                // Who looks for a thing of any kind, as docker inspect does, must find what is no volume.
                .onErrorResume(VolumesUnavailableException.class,
                        e -> unknown(name, Optional.of(String.valueOf(e.getMessage()))));
    }

    private Mono<VolumeView> remembered(String name) {
        return Mono.defer(
                () -> workshop.file()
                        .book()
                        .find(name)
                        .map(this::view)
                        .orElseGet(() -> unknown(name, Optional.empty())));
    }

    /** One that is remembered, also if its driver says nothing. */
    Mono<VolumeView> view(Volume volume) {
        Mono<Told> told = workshop.drivers()
                .lookUp(volume.driver())
                .flatMap(use -> Mono.zip(
                        workshop.calls()
                                .get(use, volume.name())
                                .map(Optional::of)
                                .defaultIfEmpty(Optional.empty()),
                        scopes.of(use)))
                .map(answer -> new Told(answer.getT1(), answer.getT2(), answer.getT1().isPresent()
                        ? Optional.empty()
                        : Optional.of("driver '" + volume.driver() + "' says that it has no such volume")))
                .onErrorResume(PluginException.class,
                        failure -> Mono.just(Told.nothing(String.valueOf(failure.getMessage()))));
        return told
                .flatMap(it -> workshop.drivers().seen(volume).map(plugin -> Views.of(volume, plugin, it)));
    }

    private Mono<VolumeView> unknown(String name, Optional<String> problem) {
        return search.find(name).flatMap(found -> {
            if (found.volume().isEmpty()) {
                return Mono.<VolumeView>error(Search.missing(name, found.failures()));
            }
            Found.OfDriver volume = found.volume().get();
            return workshop.drivers()
                    .lookUp(volume.driver())
                    .flatMap(scopes::of)
                    .map(scope -> Views.of(volume.driver(), volume.entry(), scope, problem));
        });
    }
}
