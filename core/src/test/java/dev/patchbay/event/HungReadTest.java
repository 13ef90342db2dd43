package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** When a journal counts as one that hangs: who reads a lot is patient, who reads in vain is not. */
final class HungReadTest {
    private static final int KEPT = 64;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private Duration setBack = Duration.ZERO;
    private final SlowJournal journal = new SlowJournal();
    private final EventRecorder recorder = Recorders.over(journal, new Clocks(), KEPT);
    private final Cursor beginning = new Cursor(recorder.log().bounds().epoch(), 0);
    private final List<EventPage> answers = new ArrayList<>();

    /** Timers on a machine whose wall clock is set back. */
    private final class Clocks implements Scheduler {
        @Override
        public long now(TimeUnit unit) {
            long now = time.now(unit);
            return unit == TimeUnit.NANOSECONDS ? now : now - unit.convert(setBack);
        }

        @Override
        public Disposable schedule(Runnable task) {
            return time.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return time.schedule(task, delay, unit);
        }

        @Override
        public Worker createWorker() {
            return time.createWorker();
        }
    }

    @BeforeEach
    void publishMoreThanIsInMemory() {
        for (int i = 1; i <= 3 * KEPT; i++) {
            recorder.tell(List.of(JournalsOnDisk.happening(i)), _ -> {});
        }
    }

    @AfterEach
    void stop() {
        recorder.close().block();
        time.dispose();
    }

    private void read() {
        recorder.log()
                .read(beginning, 8, EventFilter.ALL)
                .subscribe(answers::add, e -> {
                    throw new AssertionError(e);
                });
    }

    private void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    @Test
    void leavesAJournalThatHangsWithOneReadWhileItAnswersOthers() {
        journal.holdReads();
        read();
        journal.answerReads();
        for (int second = 0; second < 2 * RecorderSetup.PATIENCE.toSeconds(); second++) {
            pass(Duration.ofSeconds(1));
            if (recorder.problem().isEmpty()) {
                answers.clear();
                read();
                assertThat(answers).hasSize(1);
                answers.clear();
            }
        }

        assertThat(recorder.problem()).isPresent();
        assertThat(answers).singleElement()
                .satisfies(page -> assertThat(page.reason()).isEqualTo(EventSignal.Loss.JOURNAL_FAILED));
    }

    @Test
    void leavesAJournalThatAnswersNobodyHoweverTheWallClockIsSet() {
        journal.holdReads();
        read();
        setBack = Duration.ofHours(1);
        pass(RecorderSetup.PATIENCE);

        assertThat(recorder.problem()).isPresent();
        assertThat(answers).hasSize(1);
    }

    @Test
    void waitsForAJournalThatAnswersThoseBefore() {
        journal.holdReads();
        for (int i = 0; i < 50; i++) {
            read();
        }
        for (int i = 1; i <= 50; i++) {
            pass(Duration.ofSeconds(1));
            journal.answerHeldRead();
            assertThat(answers).hasSize(i);
        }

        assertThat(recorder.problem()).isEmpty();
        assertThat(answers).allSatisfy(page -> assertThat(page.from()).isEqualTo(beginning));
    }

    @Test
    void leavesAJournalThatAnswersNobody() {
        journal.holdReads();
        read();
        pass(RecorderSetup.PATIENCE);

        assertThat(recorder.problem()).isPresent();
        assertThat(answers).hasSize(1);
    }
}
