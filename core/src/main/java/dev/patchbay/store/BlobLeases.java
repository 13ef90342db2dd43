package dev.patchbay.store;

import dev.patchbay.reference.Digest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The blobs that somebody is at work with, and that nobody may therefore delete although no record names them yet.
 *
 * <p>Invariants that let staging and sweeping run side by side (moby excludes one by the other, D44):
 * <ol>
 * <li>a blob is leased before its file is looked for or gets its name, and a sweep deletes under the same lock under
 * which it looks for a lease: a blob found by a stage stays;
 * <li>a lease that ends while a sweep is under way counts until that sweep ends: the sweep may have read the records
 * before the one was written that now names the blob.
 * </ol>
 * Thread-safe. The lock is held for one unlink(2) at most.
 */
final class BlobLeases {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Digest, Integer> holders = new HashMap<>(); // under the lock
    private final Set<Digest> releasedLately = new HashSet<>(); // under the lock, empty without a sweep
    private int sweeps; // under the lock

    /** The blobs of one piece of work. */
    final class Lease {
        private final Set<Digest> held = new HashSet<>(); // under the lock

        /** Protects a blob, which need not exist yet. */
        void hold(Digest blob) {
            locked(() -> held.add(blob) ? holders.merge(blob, 1, Integer::sum) : 0);
        }

        /** Ends the protection. Idempotent. @return what was protected */
        Set<Digest> release() {
            Set<Digest> released = new HashSet<>();
            locked(() -> {
                released.addAll(held);
                held.forEach(
                        blob -> holders.computeIfPresent(blob, (_, count) -> count == 1 ? null : count - 1));
                if (sweeps > 0) {
                    releasedLately.addAll(held);
                }
                held.clear();
                return 0;
            });
            return released;
        }
    }

    /** A look for garbage, from before the records are read until after the last blob is deleted. */
    final class Sweep implements AutoCloseable {
        private Sweep() {
            locked(() -> ++sweeps);
        }

        /**
         * Deletes a blob unless somebody is at work with it.
         *
         * @param deletion deletes it and returns the bytes freed
         * @return the bytes freed, 0 if it is leased
         */
        long deleteUnlessLeased(Digest blob, LongSupplier deletion) {
            return locked(() -> holders.containsKey(blob) || releasedLately.contains(blob)
                    ? 0
                    : deletion.getAsLong());
        }

        @Override
        public void close() {
            locked(() -> {
                if (--sweeps == 0) {
                    releasedLately.clear();
                }
                return 0;
            });
        }
    }

    Lease lease() {
        return new Lease();
    }

    Sweep sweep() {
        return new Sweep();
    }

    private long locked(LongSupplier work) {
        lock.lock();
        try {
            return work.getAsLong();
        } finally {
            lock.unlock();
        }
    }
}
