package dev.patchbay.volume;

import dev.patchbay.PluginException;
import dev.patchbay.VolumeNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looking for volumes that are not remembered: all drivers are asked, side by side. */
final class Search {
    /** More drivers than there are in earnest. */
    static final int SIDE_BY_SIDE = 256;

    private final Workshop workshop;

    Search(Workshop workshop) {
        this.workshop = workshop;
    }

    private sealed interface Answer {
        record Yes(Found.OfDriver volume) implements Answer {}

        record Failed(String why) implements Answer {}
    }

    /** The first driver, by name, that has it. */
    Mono<Found> find(String volume) {
        return workshop.drivers()
                .all()
                .flatMapMany(Flux::fromIterable)
                .flatMapSequential(driver -> ask(driver, volume), SIDE_BY_SIDE)
                .collectList()
                .map(Search::summary);
    }

    private Mono<Answer> ask(String driver, String volume) {
        return workshop.drivers()
                .lookUp(driver)
                .flatMap(use -> workshop.calls().get(use, volume))
                .<Answer>map(entry -> new Answer.Yes(new Found.OfDriver(driver, entry)))
                .onErrorResume(PluginException.class,
                        e -> Mono.just(new Answer.Failed(String.valueOf(e.getMessage()))));
    }

    private static Found summary(List<Answer> answers) {
        var failures = new ArrayList<String>();
        Optional<Found.OfDriver> first = Optional.empty();
        for (Answer answer : answers) {
            switch (answer) {
                case Answer.Yes(Found.OfDriver volume) -> first = first.or(() -> Optional.of(volume));
                case Answer.Failed(String why) -> failures.add(why);
            }
        }
        return new Found(first, List.copyOf(failures));
    }

    /** That there is none, in Docker's words, and whom that could not be asked. */
    static VolumeNotFoundException missing(String volume, List<String> failures) {
        return new VolumeNotFoundException(volume, "get " + volume + ": no such volume"
                + (failures.isEmpty()
                        ? ""
                        : "; not all drivers could be asked: " + String.join("; ", failures)));
    }
}
