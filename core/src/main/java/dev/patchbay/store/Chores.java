package dev.patchbay.store;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Work on the disk that nobody waits for. What goes wrong with it is told by the work. */
final class Chores {
    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

    private final BlockingWork threads;
    private final Set<Chore> underway = ConcurrentHashMap.newKeySet();

    Chores(BlockingWork threads) {
        this.threads = threads;
    }

    private final class Chore implements Runnable {
        private final Runnable work;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        Chore(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                LOG.error("what the store does in the background ended early", e);
            } finally {
                end();
            }
        }

        void end() {
            underway.remove(this);
            ended.complete(null);
        }
    }

    /** Begins some work, perhaps later. @throws StoreException if too much waits already, or the store is closed */
    void begin(Runnable work) {
        var chore = new Chore(work);
        underway.add(chore);
        try {
            threads.schedule(chore);
        } catch (StoreException e) {
            chore.end();
            throw e;
        }
    }

    /** Completes when what was begun until now has ended. */
    Mono<Void> ended() {
        return Mono.defer(() -> Mono.fromFuture(CompletableFuture.allOf(
                underway.stream().map(chore -> chore.ended).toArray(CompletableFuture<?>[]::new))));
    }

    /** Waits for what is under way, takes nothing more. */
    Mono<Void> close() {
        return threads.close();
    }
}
