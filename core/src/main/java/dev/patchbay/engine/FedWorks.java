package dev.patchbay.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All {@link FedWork} of an engine that is under way or waits for a thread of the store. Thread-safe. */
final class FedWorks {
    private final Limits limits;
    private final EngineThreads threads;
    private final Set<FedWork> works = ConcurrentHashMap.newKeySet();

    FedWorks(Limits limits, EngineThreads threads) {
        this.limits = limits;
        this.threads = threads;
    }

    /**
     * Makes one.
     *
     * @param what what is tried, as the subject of a sentence
     */
    FedWork of(String what) {
        return new FedWork(what, this, limits, threads);
    }

    void add(FedWork work) {
        works.add(work);
    }

    void remove(FedWork work) {
        works.remove(work);
    }

    void moved() {
        works.forEach(FedWork::otherMoved);
    }

    boolean anyIsOwed() {
        return works.stream().anyMatch(FedWork::isOwed);
    }
}
