package dev.patchbay.web.crash;

import dev.patchbay.web.crash.SocketClient.Request;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one client knows of one plugin: how it is by all answers, and what was asked for and not answered. For one thread
 * at a time: the client's while there is one, else the test's.
 */
final class Account {
    private final String name;
    private Condition known = new Condition.Absent();
    private Optional<Step> open = Optional.empty();
    private Optional<String> id = Optional.empty();

    /** Whether it was seen to run and nothing was done about it since: then it must run on whatever befalls the daemon. */
    private boolean undisturbed;

    Account(String name) {
        this.name = name;
    }

    /**
     * A change that is asked for.
     *
     * @param between how the plugin may be left if the daemon falls: only what is two changes in one has that
     * @param after how the plugin is if it comes true
     */
    record Step(String title, Request request, Optional<Condition> between, Condition after) {
        Step(String title, Request request, Condition after) {
            this(title, request, Optional.empty(), after);
        }

        /** All that it may lead to. */
        Stream<Condition> outcomes() {
            return Stream.concat(between.stream(), Stream.of(after));
        }
    }

    String name() {
        return name;
    }

    Condition known() {
        return known;
    }

    /** Its id, once it was seen. */
    Optional<String> id() {
        return id;
    }

    boolean isUndisturbed() {
        return undisturbed;
    }

    void begin(Step step) {
        open = Optional.of(step);
        undisturbed = false;
    }

    /** The change was answered well. */
    void acknowledged() {
        known = open.orElseThrow().after();
        if (known instanceof Condition.Absent) {
            id = Optional.empty();
        }
        undisturbed = known.isEnabled();
        open = Optional.empty();
    }

    /** The change was answered by a refusal. */
    void refused() {
        open = Optional.empty();
    }

    /** All plugins were stopped. */
    void disturb() {
        undisturbed = false;
    }

    /**
     * Compares with what is there after a fall: all that was acknowledged, and what was not answered whole or not at all.
     */
    void settle(Optional<Observation> seen) {
        if (fits(known, seen)) {
            sameAs(seen);
        } else {
            known = open.stream()
                    .flatMap(Step::outcomes)
                    .filter(outcome -> fits(outcome, seen))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " was acknowledged as " + known
                            + open.map(step -> ", then " + step.title() + " was not answered").orElse("")
                            + ", and is " + seen.map(Observation::toString).orElse("absent")));
        }
        open = Optional.empty();
        id = seen.map(Observation::id);
    }

    private void sameAs(Optional<Observation> seen) {
        if (id.isPresent() && !id.equals(seen.map(Observation::id))) {
            throw new AssertionError(name + " was " + id.get() + " and is " + seen);
        }
    }

    private static boolean fits(Condition condition, Optional<Observation> seen) {
        return switch (condition) {
            case Condition.Absent _ -> seen.isEmpty();
            case Condition.Present present -> seen.filter(there -> there.fits(present)).isPresent();
        };
    }

    /** It was seen to run as wanted. */
    void seenRunning() {
        undisturbed = true;
    }
}
