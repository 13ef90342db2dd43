package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The plugins that are loaded, but whose root file system nobody may use yet: it is being found out which of two it is
 * ({@link OldRootfs}). That may take minutes, so nobody waits for it but the plugin itself: whoever asks for its root file
 * system, to start it for example, is refused with the reason, and may ask again. After a failure, asking makes the next
 * attempt.
 *
 * <p>Thread-safe. What is judged is carried out under the judgement's monitor, so that a plugin that is removed, and a
 * store that closes, wait for a few renames at most and for no judgement.
 */
final class Unsettled {
    private final OldRootfs oldRootfs;
    private final PropagatedMounts propagatedMounts;
    private final StandingNotices notices;
    private final Chores chores;
    private final Map<PluginId, Judgement> judgements = new ConcurrentHashMap<>();

    /** Has no plugin yet. */
    Unsettled(OldRootfs oldRootfs, PropagatedMounts propagatedMounts, StandingNotices notices,
            Chores chores) {
        this.oldRootfs = oldRootfs;
        this.propagatedMounts = propagatedMounts;
        this.notices = notices;
        this.chores = chores;
    }

    /**
     * Begins to settle a plugin that was just read, and ends it too where nothing is to be judged.
     *
     * @return whether it is settled; if not, its propagated mount is settled with it
     */
    boolean settle(PluginRecord plugin) {
        PluginId id = plugin.plugin().id();
        if (!oldRootfs.isThere(id)) {
            judgements.remove(id);
            return true;
        }
        Judgement judgement = judgements.computeIfAbsent(id, _ -> new Judgement(plugin));
        if (oldRootfs.isAlone(id)) {
            judgement.attemptHere();
        } else {
            judgement.attemptLater();
        }
        return false;
    }

    /** Makes sure that a plugin's root file system may be used. @throws StoreException that says why not */
    void require(PluginId plugin) {
        Judgement judgement = judgements.get(plugin);
        if (judgement != null) {
            judgement.attemptLater();
            throw judgement.refusal();
        }
    }

    /** Forgets a plugin that goes. */
    void giveUp(PluginId plugin) {
        Judgement judgement = judgements.remove(plugin);
        if (judgement != null) {
            judgement.giveUp();
        }
    }

    /** Completes when no judgement is under way. */
    Mono<Void> ended() {
        return chores.ended();
    }

    /** Gives up what is under way; the next process begins anew. */
    void close() {
        List.copyOf(judgements.keySet()).forEach(this::giveUp);
    }

    /** One attempt after the other to settle one plugin. */
    private final class Judgement {
        private final PluginRecord plugin;
        private Optional<String> failure = Optional.empty(); // guarded by this
        private boolean underway; // guarded by this
        private boolean givenUp; // guarded by this

        @Nullable
        private Thread judge; // guarded by this

        Judgement(PluginRecord plugin) {
            this.plugin = plugin;
        }

        synchronized void attemptHere() {
            if (!underway && !givenUp) {
                underway = true;
                work();
            }
        }

        synchronized void attemptLater() {
            if (underway || givenUp) {
                return;
            }
            underway = true;
            try {
                chores.begin(this::work);
            } catch (StoreException e) {
                failed(e);
            }
        }

        private void work() {
            try {
                Optional<OldRootfs.Verdict> verdict = judged();
                if (verdict.isPresent()) {
                    carryOut(verdict.get());
                }
            } catch (RuntimeException e) { // whatever it is, asking again makes the next attempt
                failed(e);
            }
        }

        private Optional<OldRootfs.Verdict> judged() {
            if (!begin()) {
                return Optional.empty();
            }
            try {
                return Optional.of(oldRootfs.judge(plugin));
            } finally {
                end();
            }
        }

        private synchronized boolean begin() {
            judge = givenUp ? null : Thread.currentThread();
            return !givenUp;
        }

        /** The thread is not ours any more, nor is an interrupt that came too late. */
        private synchronized void end() {
            judge = null;
            boolean _ = Thread.interrupted();
        }

        private synchronized void carryOut(OldRootfs.Verdict verdict) {
            if (!givenUp) {
                oldRootfs.carryOut(verdict, plugin);
                propagatedMounts.settle(plugin, notices); // not before: it looks into the root file system
                judgements.remove(plugin.plugin().id(), this);
            }
        }

        private synchronized void failed(RuntimeException e) {
            failure = Optional
                    .of(e instanceof StoreException ? String.valueOf(e.getMessage()) : e.toString());
            underway = false;
        }

        synchronized void giveUp() {
            givenUp = true;
            if (judge != null) {
                judge.interrupt();
            }
        }

        synchronized StoreException refusal() {
            String state = failure.map(why -> "it could not be told which, and will be tried again: " + why)
                    .orElse("it is being found out which, by its layers");
            return new StoreException("the root file system of plugin " + plugin.plugin().name().familiar()
                    + " cannot be used yet: an upgrade by dockerd was cut off and left two, and " + state,
                    null);
        }
    }
}
