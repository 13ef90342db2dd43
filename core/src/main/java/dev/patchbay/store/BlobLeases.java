package dev.patchbay.store;

import dev.patchbay.reference.Digest;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The blobs that somebody is at work with, and that nobody may therefore delete although no record names them yet.
 *
 * <p>Invariants that let work and sweeping run side by side (moby excludes one by the other, D44):
 * <ol>
 * <li>a sweep deletes only blobs that it has condemned, and condemns none that is leased;
 * <li>whoever needs a blob leases it first and then waits, before its file is looked for or gets its name, until it is
 * not condemned: a blob found is a blob that stays;
 * <li>a lease that ends while a sweep is under way counts until that sweep ends: the sweep may have read the records
 * before the one was written that now names the blob.
 * </ol>
 * Thread-safe. Only {@link Lease#claim} and {@link #settle} wait, and only while one batch of blobs is deleted; nothing is
 * done under the lock but a look into tables, so that any thread may lease and release.
 */
final class BlobLeases {
    private final Map<Digest, Integer> holders = new HashMap<>(); // guarded by this
    private final Set<Digest> releasedLately = new HashSet<>(); // guarded by this, empty without a sweep
    private final Set<Digest> condemned = new HashSet<>(); // guarded by this
    private int sweeps; // guarded by this

    /** The blobs of one piece of work. */
    final class Lease implements BlobHold {
        private final Set<Digest> held = new HashSet<>(); // guarded by the leases
        private boolean released; // guarded by the leases

        /** Protects blobs, which need not exist yet. Never waits. @throws StoreException if it was released before */
        void hold(Collection<Digest> blobs) {
            synchronized (BlobLeases.this) {
                if (released) {
                    throw new StoreException("blobs cannot be protected: what needs them has ended", null);
                }
                blobs.stream().filter(held::add).forEach(blob -> holders.merge(blob, 1, Integer::sum));
            }
        }

        /** Protects a blob and waits until its file may be looked for, or given its name. */
        void claim(Digest blob) {
            hold(List.of(blob));
            settle(blob);
        }

        private BlobLeases leases() {
            return BlobLeases.this;
        }

        /** Ends the protection. Idempotent. @return what was protected */
        Set<Digest> release() {
            synchronized (BlobLeases.this) {
                released = true;
                Set<Digest> ended = Set.copyOf(held);
                ended.forEach(
                        blob -> holders.computeIfPresent(blob, (_, count) -> count == 1 ? null : count - 1));
                if (sweeps > 0) {
                    releasedLately.addAll(ended);
                }
                held.clear();
                return ended;
            }
        }
    }

    /** A look for garbage, from before the records are read until after the last blob is deleted. */
    final class Sweep implements AutoCloseable {
        private Sweep() {
            synchronized (BlobLeases.this) {
                sweeps++;
            }
        }

        /** Tells whether nobody is at work with a blob now. */
        boolean isFree(Digest blob) {
            synchronized (BlobLeases.this) {
                return !holders.containsKey(blob) && !releasedLately.contains(blob);
            }
        }

        /** Chooses of some blobs those that may be deleted now. They must be {@link #pardon}ed soon. */
        Set<Digest> condemn(Collection<Digest> candidates) {
            Set<Digest> chosen = new HashSet<>();
            synchronized (BlobLeases.this) {
                for (Digest blob : candidates) {
                    // Condemned already: another sweep is deleting it.
                    if (isFree(blob) && condemned.add(blob)) {
                        chosen.add(blob);
                    }
                }
            }
            return chosen;
        }

        /** Lets go of condemned blobs, deleted or not. */
        void pardon(Collection<Digest> blobs) {
            synchronized (BlobLeases.this) {
                blobs.forEach(condemned::remove); // removeAll would search a list for each of a set
                BlobLeases.this.notifyAll();
            }
        }

        @Override
        public void close() {
            synchronized (BlobLeases.this) {
                if (--sweeps == 0) {
                    releasedLately.clear();
                }
            }
        }
    }

    Lease lease() {
        return new Lease();
    }

    /** The lease that a caller was given as a token. @throws IllegalArgumentException if it comes from elsewhere */
    Lease own(BlobHold token) {
        if (token instanceof Lease lease && lease.leases() == this) {
            return lease;
        }
        throw new IllegalArgumentException("this store did not give out " + token);
    }

    Sweep sweep() {
        return new Sweep();
    }

    /** Waits while a blob is being deleted. Must not be called by a thread that may not block. */
    synchronized void settle(Digest blob) {
        while (condemned.contains(blob)) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                var interrupted = new InterruptedIOException("interrupted");
                interrupted.initCause(e);
                throw new StoreException("gave up waiting for blob " + blob, interrupted);
            }
        }
    }
}
