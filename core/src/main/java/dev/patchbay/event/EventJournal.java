package dev.patchbay.event;

import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Where events are kept, in order, each under its number. All methods are <b>cold</b> and fail with
 * {@link JournalException}; signals arrive on the journal's own threads, or at once.
 *
 * <p>Reading never disturbs appending, nor does trimming disturb reading: a reader whose place was trimmed learns it from
 * the page that it gets.
 */
public interface EventJournal {
    /**
     * Opens what is there, or begins anew. What is damaged, or of another make, or may have lost its end, is put aside; that
     * makes a new epoch, and is no error. Once after the journal was made, and once after each
     * {@link #abandon}, after which the epoch is always a new one.
     */
    Mono<Opened> open();

    /**
     * What a journal found when it was opened.
     *
     * @param notices sentences for an operator; empty if all was well
     */
    record Opened(Bounds bounds, List<String> notices) {
        /** Copies the notices. */
        public Opened {
            notices = List.copyOf(notices);
        }
    }

    /**
     * Appends events whose numbers follow those before without a gap. One call at a time: the next when this one has
     * completed. <b>Cancelling</b> detaches only: what was handed over may be appended or not, and nothing else but
     * {@link #abandon} may follow.
     *
     * @return completes when all are as durable as configured, and readable; if it fails, any number of them may be
     */
    Mono<Void> append(List<LoggedEvent> events);

    /**
     * Events after a number, and their bounds at that moment. Looks at {@code max} events at most, and at the next one at
     * least if there is one. What does not pass the filter is not in the page, but counts.
     */
    Mono<EventPage> read(long after, int max, EventFilter filter);

    /** The number before that of the first event that happened at this time or later; the head's if none did. */
    Mono<Long> before(Instant time);

    /** What it holds now. Never blocks; only after {@link #open}. */
    Bounds bounds();

    /**
     * Gives up the present epoch, which failed, so that no later process takes it up, as well as that can be done: events
     * may follow elsewhere that this journal knows nothing of. What it holds is kept aside where that can be done. Never
     * fails, nor waits for work that hangs.
     */
    Mono<Void> abandon();

    /** Releases everything; what was appended is found again. Waits for what is under way. */
    Mono<Void> close();
}
