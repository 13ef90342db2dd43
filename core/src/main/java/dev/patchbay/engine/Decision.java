package dev.patchbay.engine;

import dev.patchbay.use.Holders;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a command means for a plugin. */
sealed interface Decision {
    /** It has no meaning any more. */
    Decision IGNORED = new Ignored();

    /** It means something only when what is under way is over. */
    Decision WAIT = new Wait();

    record Ignored() implements Decision {}

    record Wait() implements Decision {}

    /** The asker hears why not; nothing changes. */
    record Refused(Refusal why) implements Decision {}

    /**
     * Facts to store and apply, then effects to run, then answers to give.
     *
     * @param asker what becomes of the one who asked
     * @param release what the one who was parked at this plugin hears now, if anything
     */
    record Accepted(List<Fact> facts, List<Effect> effects, Asker asker, Optional<Outcome> release)
            implements
                Decision {
        public Accepted {
            facts = List.copyOf(facts);
            effects = List.copyOf(effects);
        }

        Accepted doing(Effect... more) {
            return new Accepted(facts, List.of(more), asker, release);
        }

        Accepted parking() {
            return new Accepted(facts, effects, Asker.PARKED, release);
        }

        Accepted answering() {
            return new Accepted(facts, effects, Asker.ANSWERED, release);
        }

        /** Those that must be on disk first. */
        List<Fact.Durable> durable() {
            return facts.stream()
                    .filter(Fact.Durable.class::isInstance)
                    .map(Fact.Durable.class::cast)
                    .toList();
        }

        /** What the one who asked hears once the facts are stored. */
        Outcome.Done done() {
            return new Outcome.Done(facts.stream()
                    .flatMap(fact -> fact instanceof Fact.Upgraded upgraded
                            ? upgraded.dropped().stream()
                            : Stream.empty())
                    .toList(), Holders.NONE);
        }

        Accepted releasing(Outcome outcome) {
            return new Accepted(facts, effects, asker, Optional.of(outcome));
        }
    }

    /** Whoever asked for a command. */
    enum Asker {
        /** Nobody asked. */
        NONE,
        /** Hears that it is done as soon as the facts are stored. */
        ANSWERED,
        /** Waits at the plugin until a later decision releases it. At most one waits so. */
        PARKED
    }

    /** How a command ended for the one who asked. */
    sealed interface Outcome {
        /**
         * As asked.
         *
         * @param dropped the settings that an upgrade could not carry over; empty for all else
         * @param cutOff who used the plugin until force was used; nobody for all else
         */
        record Done(List<String> dropped, Holders cutOff) implements Outcome {
            public Done {
                dropped = List.copyOf(dropped);
            }

            Done() {
                this(List.of(), Holders.NONE);
            }

            Done(Holders cutOff) {
                this(List.of(), cutOff);
            }
        }

        record Failed(Refusal why) implements Outcome {}
    }

    static Accepted accept(Fact... facts) {
        return new Accepted(List.of(facts), List.of(), Asker.NONE, Optional.empty());
    }

    static Refused refuse(Refusal why) {
        return new Refused(why);
    }
}
