package dev.patchbay.executor.runc;

import dev.patchbay.executor.ExecutorException.RuntimeUnusable;
import dev.patchbay.syscall.FileClaim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The right to be the only one that keeps containers in an exec root. All methods block. */
final class ExecRootClaim {
    private final Layout layout;
    private Optional<FileClaim> held = Optional.empty(); // guarded by this
    private int taking; // guarded by this
    private boolean closed; // guarded by this

    ExecRootClaim(Layout layout) {
        this.layout = layout;
    }

    /** Takes it, unless it is ours. @throws RuntimeUnusable if another one has it, or the folder cannot be made */
    void take() {
        if (!begins()) {
            return;
        }
        try {
            takeNow();
        } finally {
            ends();
        }
    }

    private void takeNow() {
        Path root = layout.execRoot();
        try {
            Files.createDirectories(layout.state(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            keep(FileClaim.take(layout.lock()));
        } catch (FileClaim.Refused e) {
            throw new RuntimeUnusable("the exec root " + root + " is in use by another Patchbay"
                    + (e.isHere() ? " in this process" : "")
                    + "; stop that one, or choose another exec root", null); // which says all that is known
        } catch (IOException e) {
            throw new RuntimeUnusable("the exec root " + root + " cannot be used: " + e
                    + "; make it writable, or choose another exec root", e);
        }
    }

    private synchronized boolean begins() {
        if (closed || held.isPresent()) { // closed: whoever asked has given up, and the next one may be there already
            return false;
        }
        taking++;
        return true;
    }

    private synchronized void ends() {
        taking--;
        notifyAll();
    }

    private synchronized void keep(FileClaim claim) throws IOException {
        if (closed) {
            claim.close(); // whoever asked has given up
        } else {
            held = Optional.of(claim);
        }
    }

    /**
     * Gives it back, for good. What is being taken is given back by whoever takes it, so that is waited for: until then the next
     * one would be refused.
     *
     * @param patience after which a disk hangs, and is not waited for
     */
    synchronized void release(Duration patience) throws IOException, InterruptedException {
        closed = true;
        long until = System.nanoTime() + patience.toNanos();
        try {
            for (long rest = patience.toNanos(); taking > 0 && rest > 0; rest = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, rest);
            }
        } finally {
            Optional<FileClaim> claim = held;
            held = Optional.empty();
            if (claim.isPresent()) {
                claim.get().close();
            }
        }
    }
}
