package dev.patchbay.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.concurrent.Queues;

/**
 * Facts on their way to the journal, in their order, and errands between them. One thread puts facts in, any puts errands
 * in, the recorder's drain takes out.
 *
 * <p>Not bounded by itself, since the thread that puts facts in never waits: the recorder leaves a journal that does not
 * take them, and lets nobody in who would cause more while many wait.
 */
final class FactQueue {
    private static final Logger LOG = LoggerFactory.getLogger(FactQueue.class);

    /** What waits. */
    sealed interface Entry {
        /** A fact; {@code number} counts those of this process. */
        record Fact(long number, Happening what) implements Entry {}

        /** Work for when so many facts were told; may come into the queue before them. */
        record Errand(long facts, Runnable work) implements Entry {}
    }

    private final Queue<Entry> entries = Queues.<Entry>unboundedMultiproducer().get();
    private final AtomicInteger waiting = new AtomicInteger(); // facts only
    private final AtomicInteger errands = new AtomicInteger(); // in the queue, or early
    private volatile long facts; // written by the thread that puts facts in
    private volatile long told; // written by the drain
    private final List<Entry.Errand> early = new ArrayList<>(); // the drain's

    /** Puts facts in; {@code counted} hears how many there are with these, before anybody can take them. */
    void add(List<Happening> what, LongConsumer counted) {
        long number = facts;
        facts = number + what.size();
        counted.accept(number + what.size());
        waiting.addAndGet(what.size());
        for (Happening one : what) {
            number++;
            entries.add(new Entry.Fact(number, one));
        }
    }

    void add(Entry.Errand errand) {
        errands.incrementAndGet();
        entries.add(errand);
    }

    /** How many facts were put in. */
    long facts() {
        return facts;
    }

    /** How many facts were told. */
    long told() {
        return told;
    }

    /** How many facts wait. */
    int waiting() {
        return waiting.get();
    }

    /** How many errands wait. */
    int errands() {
        return errands.get();
    }

    /** Takes out what there is, with so many facts at most. */
    List<Entry> take(int maxFacts) {
        var taken = new ArrayList<Entry>();
        int count = 0;
        while (count < maxFacts) {
            Entry entry = entries.poll();
            if (entry == null) {
                break;
            }
            taken.add(entry);
            count += entry instanceof Entry.Fact ? 1 : 0;
        }
        waiting.addAndGet(-count);
        return taken;
    }

    /** Notes that a fact is about to be told. */
    void tell(long number) {
        told = number;
    }

    /** Does an errand, or keeps it if it is early. */
    void runOrKeep(Entry.Errand errand) {
        if (errand.facts() <= told) {
            run(errand);
        } else {
            early.add(errand);
        }
    }

    /** Does what was early and is no longer. */
    void runEarly() {
        if (!early.isEmpty()) {
            List<Entry.Errand> due = early.stream().filter(errand -> errand.facts() <= told).toList();
            early.removeAll(due);
            due.forEach(this::run);
        }
    }

    /** Does every errand, and drops every fact: nothing is told any more, but nobody waits for ever. */
    void clear() {
        early.forEach(this::run);
        early.clear();
        for (Entry entry = entries.poll(); entry != null; entry = entries.poll()) {
            switch (entry) {
                case Entry.Errand errand -> run(errand);
                case Entry.Fact _ -> waiting.decrementAndGet();
            }
        }
    }

    private void run(Entry.Errand errand) {
        errands.decrementAndGet();
        try {
            errand.work().run();
        } catch (RuntimeException e) {
            LOG.error("what was to follow an event failed; the event stream goes on", e);
        }
    }
}
