package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.reference.Digest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work and sweeping side by side. */
final class BlobLeasesTest {
    private static final Digest BLOB = Digest.sha256(new byte[]{1});

    private final BlobLeases leases = new BlobLeases();

    @Test
    void letsWhoeverNeedsACondemnedBlobWaitUntilItIsPardoned() throws Exception {
        var claiming = new CountDownLatch(1);
        CompletableFuture<Boolean> claimed;
        try (BlobLeases.Sweep sweep = leases.sweep()) {
            Set<Digest> slice = sweep.condemn(List.of(BLOB));
            claimed = CompletableFuture.supplyAsync(() -> {
                claiming.countDown();
                leases.lease().claim(BLOB);
                return true;
            }, runnable -> Thread.ofVirtual().start(runnable));
            assertThat(claiming.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(claimed).isNotDone();
            sweep.pardon(slice);
        }
        assertThat(claimed.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void holdsACondemnedBlobWithoutWaiting() {
        try (BlobLeases.Sweep sweep = leases.sweep()) {
            Set<Digest> slice = sweep.condemn(List.of(BLOB));
            leases.lease().hold(List.of(BLOB));
            sweep.pardon(slice);

            assertThat(sweep.condemn(List.of(BLOB))).isEmpty();
        }
    }

    @Test
    void condemnsABlobForOneSweepAtATime() {
        try (BlobLeases.Sweep first = leases.sweep(); BlobLeases.Sweep second = leases.sweep()) {
            Set<Digest> slice = first.condemn(List.of(BLOB));
            assertThat(second.condemn(List.of(BLOB))).isEmpty();
            first.pardon(slice);
            assertThat(second.condemn(List.of(BLOB))).containsExactly(BLOB);
            second.pardon(List.of(BLOB));
        }
    }

    @Test
    void protectsNothingMoreOnceReleased() {
        BlobLeases.Lease lease = leases.lease();
        lease.hold(List.of(BLOB));
        lease.release();

        assertThatThrownBy(() -> lease.hold(List.of(BLOB))).isInstanceOf(StoreException.class);
        try (BlobLeases.Sweep sweep = leases.sweep()) {
            assertThat(sweep.condemn(List.of(BLOB))).containsExactly(BLOB);
            sweep.pardon(List.of(BLOB));
        }
    }

    @Test
    void refusesTheHoldOfAnotherStore() {
        BlobHold foreign = new BlobLeases().lease();

        assertThatThrownBy(() -> leases.own(foreign)).isInstanceOf(IllegalArgumentException.class);
    }
}
