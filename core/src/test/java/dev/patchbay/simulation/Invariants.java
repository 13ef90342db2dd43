package dev.patchbay.simulation;

/** The invariants that need no memory of their own; each is looked after where it could be broken. */
final class Invariants {
    private Invariants() {}

    /** About containers. */
    enum OneContainer implements Invariant {
        INSTANCE;

        @Override
        public String sentence() {
            return "never are there two live containers of one plugin";
        }
    }

    /** About the numbers of starts. A loss of power takes containers and unsynced numbers alike, and they begin again. */
    enum RisingGenerations implements Invariant {
        INSTANCE;

        @Override
        public String sentence() {
            return "the generation of a plugin never repeats or goes back, as long as the machine is up and its disk works";
        }
    }

    /** About replies. */
    enum OneAnswer implements Invariant {
        INSTANCE;

        @Override
        public String sentence() {
            return "every command gets exactly one answer, unless its process died or its asker left";
        }
    }

    /** About what the engine says of itself. */
    enum SoundEngine implements Invariant {
        INSTANCE;

        @Override
        public String sentence() {
            return "nothing that happens outside is a fault of the engine";
        }
    }

    /** About closing. */
    enum CleanClose implements Invariant {
        INSTANCE;

        @Override
        public String sentence() {
            return "an engine that is closed ends in time, and leaves no container running unless it was told to";
        }
    }
}
