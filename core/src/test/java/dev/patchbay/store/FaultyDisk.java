package dev.patchbay.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/** A disk that fails, is slow, or whose machine loses power, at a given act. Counts acts from 1 once armed. */
final class FaultyDisk implements DiskProbe {
    private final AtomicInteger acts = new AtomicInteger();
    private final AtomicReference<Plan> plan = new AtomicReference<>(new Plan(Fault.NONE, 0, (_, _) -> true));
    private final AtomicReference<BiConsumer<DiskStep, Path>> delay = new AtomicReference<>((_, _) -> {});

    enum Fault {
        NONE,
        /** One act fails; the disk works again after it. */
        FAILURE,
        /** From one act on the process is dead: it does nothing any more, not even clean up. */
        POWER_LOSS
    }

    private record Plan(Fault fault, int act, BiPredicate<DiskStep, Path> counted) {}

    /** What a dead process does instead of anything. No code of the store can catch it. */
    static final class PowerLoss extends Error {
        private static final long serialVersionUID = 1L;

        PowerLoss() {
            super("the power went off", null, false, false);
        }
    }

    /** Counts from now on and lets the fault happen at an act. */
    void arm(Fault fault, int act) {
        acts.set(0);
        plan.set(new Plan(fault, act, (_, _) -> true));
    }

    /** Lets an act of one kind fail, counting only these. */
    void arm(DiskStep step, int act) {
        acts.set(0);
        plan.set(new Plan(Fault.FAILURE, act, (each, _) -> each == step));
    }

    /** Lets the first act of one kind fail at a path that has this in it, counting only these. */
    void arm(DiskStep step, String part) {
        acts.set(0);
        plan.set(new Plan(Fault.FAILURE, 1, (each, path) -> each == step && path.toString().contains(part)));
    }

    /** What happens before each act, on its thread, which the act waits for. */
    void delay(BiConsumer<DiskStep, Path> what) {
        delay.set(what);
    }

    /** How many acts there were since it was armed. */
    int acts() {
        return acts.get();
    }

    @Override
    public void before(DiskStep step, Path path) throws IOException {
        delay.get().accept(step, path);
        Plan now = plan.get();
        if (!now.counted().test(step, path)) {
            return;
        }
        int act = acts.incrementAndGet();
        switch (now.fault()) {
            case NONE -> {
            }
            case FAILURE -> {
                if (act == now.act()) {
                    throw new IOException("Input/output error");
                }
            }
            case POWER_LOSS -> {
                if (act >= now.act()) {
                    throw new PowerLoss();
                }
            }
        }
    }
}
