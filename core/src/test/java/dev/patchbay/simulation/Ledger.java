package dev.patchbay.simulation;

import dev.patchbay.PluginView;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.simulation.Step.What;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What clients were told, held against what there is: "an acknowledged change survives any crash, and an unacknowledged
 * one is there whole or not at all". Each property of a plugin is a register: it may have the value of any attempt that
 * was not refused, unless another one, which was acknowledged, came after it.
 */
final class Ledger implements Invariant {
    private final World world;
    private final List<Attempt> attempts = new ArrayList<>();
    private final Set<PluginId> unreadable = new HashSet<>();

    Ledger(World world) {
        this.world = world;
    }

    @Override
    public String sentence() {
        return "an acknowledged change survives any crash, and one that was refused never comes";
    }

    Attempt begin(Step step, Optional<PluginId> plugin) {
        var attempt = new Attempt(step.what(), Plan.name(step.subject()), step.number(), plugin,
                world.time().now());
        attempts.add(attempt);
        return attempt;
    }

    void processDied() {
        attempts.forEach(attempt -> attempt.processDied(world.time().now()));
    }

    void powerLost() {
        attempts.forEach(Attempt::powerLost);
    }

    /** A process cannot read this one: until somebody sees it again, it may be missing. */
    void unreadable(PluginId plugin) {
        unreadable.add(plugin);
    }

    /** Whether there are some that nobody has seen again. */
    boolean hasUnreadable() {
        return !unreadable.isEmpty();
    }

    /** Looks at everything that there is. */
    void check(List<PluginView> views) {
        world.uniqueness().check(views);
        Set<PluginId> present = new HashSet<>();
        for (PluginView view : views) {
            present.add(view.plugin().id());
            check(view);
        }
        for (Attempt attempt : attempts) {
            if (attempt.isCreation() && attempt.isDone()
                    && attempt.plugin().filter(id -> !present.contains(id)).isPresent()
                    && attempt.plugin().filter(unreadable::contains).isEmpty()
                    && attempts.stream().noneMatch(removal -> removes(removal, attempt))) {
                broken(attempt.name() + " was installed as " + attempt.plugin().get() + " and is not there");
            }
        }
    }

    private static boolean removes(Attempt removal, Attempt creation) {
        return removal.what() == What.REMOVE && !removal.isRefused()
                && removal.plugin().equals(creation.plugin());
    }

    /** Looks at one plugin. */
    void check(PluginView view) {
        PluginId id = view.plugin().id();
        unreadable.remove(id);
        Optional<Attempt> creation = creation(view);
        if (creation.isEmpty()) {
            broken(view.plugin().name().familiar() + " is there as " + id
                    + ", and nobody could have made it");
            return;
        }
        List<Attempt> about = attempts.stream()
                .filter(attempt -> attempt.plugin().filter(id::equals).isPresent())
                .toList();
        if (about.stream().anyMatch(attempt -> attempt.what() == What.REMOVE && attempt.isDone())) {
            broken(id + " was removed and is there");
        }
        register("wanted", view.plugin().enabled(), about, Ledger::wanted);
        register("token", Views.token(view), about, Ledger::token);
        register("processes", Views.processes(view), about, Ledger::processes);
        register("version", Views.version(view), about, Ledger::version);
        for (int number = 0; number < SampleImages.VERSIONS; number++) {
            int one = number;
            register("held by " + Client.holder(one).id(), isHeld(view, one), about,
                    attempt -> held(attempt, one));
        }
        world.heldPlugins().check(view);
    }

    /** The attempt that made a plugin. One of which nothing is known can have made one plugin only. */
    private Optional<Attempt> creation(PluginView view) {
        PluginId id = view.plugin().id();
        String name = Views.name(view);
        Predicate<Attempt> made = attempt -> attempt.isCreation() && !attempt.isRefused()
                && attempt.name().equals(name);
        Optional<Attempt> known = attempts.stream()
                .filter(made)
                .filter(attempt -> attempt.plugin().filter(id::equals).isPresent())
                .findFirst();
        if (known.isPresent()) {
            return known;
        }
        int version = Views.version(view);
        Optional<Attempt> likely = attempts.stream()
                .filter(made)
                .filter(attempt -> attempt.plugin().isEmpty())
                .min((one, other) -> Boolean.compare(one.number() != version, other.number() != version));
        likely.ifPresent(attempt -> attempt.isAbout(id));
        return likely;
    }

    private <T> void register(String property, T value, List<Attempt> about,
            Function<Attempt, Written<T>> meaning) {
        for (Attempt attempt : about) {
            if (!attempt.isRefused() && meaning.apply(attempt).allows(value)
                    && !isOutdated(attempt, about, meaning)) {
                return;
            }
        }
        broken(property + " of " + about.getFirst().name() + " is " + value);
    }

    private static <T> boolean isOutdated(Attempt attempt, List<Attempt> about,
            Function<Attempt, Written<T>> meaning) {
        return about.stream()
                .anyMatch(
                        later -> later.isDone() && attempt.precedes(later) && meaning.apply(later).writes());
    }

    /** What an attempt does to a property. */
    private record Written<T>(boolean writes, boolean anything, Optional<T> value) {
        static <T> Written<T> nothing() {
            return new Written<>(false, false, Optional.empty());
        }

        static <T> Written<T> of(T value) {
            return new Written<>(true, false, Optional.of(value));
        }

        /** One of the values that there were before. */
        static <T> Written<T> earlier() {
            return new Written<>(true, true, Optional.empty());
        }

        boolean allows(T actual) {
            return anything || value.filter(actual::equals).isPresent();
        }
    }

    private static Written<Boolean> wanted(Attempt attempt) {
        return switch (attempt.what()) {
            // A removal that does not come to its end leaves the plugin as it was.
            case CREATE, INSTALL, DISABLE -> Written.of(false);
            case ENABLE -> Written.of(true);
            default -> Written.nothing();
        };
    }

    private static Written<Integer> token(Attempt attempt) {
        return switch (attempt.what()) {
            case CREATE, INSTALL -> Written.of(0);
            case SET -> Written.of(attempt.number());
            case ROLL_BACK -> Written.earlier();
            default -> Written.nothing();
        };
    }

    private static Written<Integer> processes(Attempt attempt) {
        return switch (attempt.what()) {
            case CREATE, INSTALL -> Written.of(0);
            case LIMIT -> Written.of(Client.processes(attempt.number()));
            default -> Written.nothing();
        };
    }

    private static Written<Integer> version(Attempt attempt) {
        return switch (attempt.what()) {
            case CREATE, INSTALL, UPGRADE -> Written.of(attempt.number());
            case ROLL_BACK -> Written.earlier();
            default -> Written.nothing();
        };
    }

    private static boolean isHeld(PluginView view, int number) {
        return view.inUseBy().find(Client.holder(number).id()).isPresent();
    }

    /** Whether somebody holds it durably: nobody does who was there before it was disabled or enabled. */
    private static Written<Boolean> held(Attempt attempt, int number) {
        return switch (attempt.what()) {
            case CREATE, INSTALL, DISABLE, ENABLE -> Written.of(false);
            case ACQUIRE -> attempt.number() == number ? Written.of(true) : Written.nothing();
            case RELEASE -> attempt.number() == number ? Written.of(false) : Written.nothing();
            default -> Written.nothing();
        };
    }

    /** What was asked about one plugin so far. */
    List<Attempt> about(PluginId id) {
        return attempts.stream().filter(attempt -> attempt.plugin().filter(id::equals).isPresent()).toList();
    }

    private void broken(String detail) {
        world.witness().broken(this, detail);
    }
}
