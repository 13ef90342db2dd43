package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.web.Loops;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Feed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Single feeds, and what they share. */
final class FeedTest extends FeedStage {
    private final Numbers shared = new Numbers(-1); // the audience's that takers are of

    @Test
    void leavesAnEpochInWhichThereIsWhatIsNoEvent() {
        publish(10, EventType.CRASH);
        journal.bad = 5;
        var taker = new Taker();
        Feed feed = taker.open(new Lines(new CloudEvents("urn:x")), EventFilter.ALL, new From.Oldest());
        Loops.run(loop);
        String epoch = recorder.log().bounds().epoch();
        publish(1, EventType.CRASH);
        Loops.run(loop);

        assertThat(taker.bugs).isEmpty();
        assertThat(taker.ended).isFalse();
        assertThat(taker.said.toString().lines()).hasSize(6)
                .last()
                .asString()
                .contains("\"id\":\"" + epoch + ":1\"");
        assertThat(taker.said).contains(":4\"", "\"reason\":\"journal_failed\"").doesNotContain(":6\"");
        feed.close();
    }

    @Test
    void endsAFeedWhoseBytesCannotBeWritten() {
        publish(10, EventType.CRASH);
        var taker = new Taker();
        taker.open(new Numbers(5), EventFilter.ALL, new From.Oldest());
        Loops.run(loop);

        assertThat(taker.bugs).singleElement().isInstanceOf(OutOfMemoryError.class);
        assertThat(hub.feeds()).isZero();
    }

    @Test
    void endsTheFeedsOfAnEventWhoseBytesCannotBeWrittenAndNoOthers() {
        var taker = new Taker();
        var other = new Taker();
        taker.open(new Numbers(5), EventFilter.ALL, new From.Now());
        other.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Now());
        publish(10, EventType.CRASH);
        Loops.run(loop);

        assertThat(taker.bugs).hasSize(1);
        assertThat(other.said).hasToString("1 2 3 4 5 6 7 8 9 10 ");
        assertThat(hub.feeds()).isOne();
        var next = new Taker();
        next.open(new Numbers(-1), EventFilter.ALL, new From.Now());
        publish(1, EventType.CRASH);
        Loops.run(loop);
        assertThat(next.said).hasToString("11 ");
    }

    @Test
    void hasFewPagesAtATimeHoweverManyFeedsAreBehind() {
        publish(2000, EventType.CRASH);
        journal.holds = true;
        List<Taker> takers = Stream.generate(Taker::new).limit(100).toList();
        takers.forEach(taker -> taker.open(new Numbers(-1), EventFilter.ALL, new From.Oldest()));
        Loops.run(loop);

        assertThat(journal.held).hasSize(EventHub.Limits.USUAL.pages());
        int most = 0;
        while (!journal.held.isEmpty()) {
            most = Math.max(most, journal.held.size());
            journal.held.removeFirst().run();
            Loops.run(loop);
        }
        assertThat(most).isEqualTo(EventHub.Limits.USUAL.pages());
        assertThat(takers)
                .allSatisfy(taker -> assertThat(taker.said).startsWith("1 2 ").endsWith(" 1999 2000 "));
    }

    @Test
    void whoIsNearTheHeadWaitsForNobody() {
        publish(2000, EventType.CRASH);
        journal.holds = true;
        for (int i = 0; i < 100; i++) {
            new Taker().open(new Numbers(-1), EventFilter.ALL, new From.Oldest());
        }
        var near = new Taker();
        near.open(new Numbers(-1), EventFilter.ALL, new From.Now());
        publish(1, EventType.CRASH);
        Loops.run(loop);

        assertThat(near.said).hasToString("2001 ");
    }

    @Test
    void feedsThatAreClosedLeaveTheirTurnToOthers() {
        publish(200, EventType.CRASH);
        journal.holds = true;
        List<Feed> feeds = Stream.generate(Taker::new)
                .limit(2L * EventHub.Limits.USUAL.pages())
                .map(taker -> taker.open(new Numbers(-1), EventFilter.ALL, new From.Oldest()))
                .toList();
        var last = new Taker();
        last.open(new Numbers(-1), EventFilter.ALL, new From.Oldest());
        feeds.forEach(Feed::close);
        journal.holds = false;
        Loops.run(loop);

        assertThat(last.said).endsWith(" 200 ");
    }

    @Test
    void writesAnEventOnceForAllWithEqualEncodingsAndFilters() {
        var encoding = new Numbers(-1);
        List<Taker> takers = List.of(new Taker(), new Taker(), new Taker());
        takers.forEach(taker -> taker.open(encoding, EventFilter.types(EventType.CRASH), new From.Now()));
        publish(3, EventType.CRASH);
        publish(3, EventType.START);
        Loops.run(loop);

        assertThat(takers).allSatisfy(taker -> assertThat(taker.said).hasToString("1 2 3 "));
        assertThat(encoding.written).containsExactly(1L, 2L, 3L);
    }

    @Test
    void hasNothingMoreToDoWithAFeedThatIsClosedByAFlush() {
        var encoding = new Numbers(-1);
        var dies = new Taker();
        var other = new Taker();
        Feed dying = dies.open(encoding, EventFilter.ALL, new From.Now());
        other.open(encoding, EventFilter.ALL, new From.Now());
        Loops.run(loop);
        dies.whenFlushed = dying::close; // its connection turns out to be gone
        publish(1, EventType.CRASH);
        Loops.run(loop);
        int before = dies.buffersMade;
        publish(1, EventType.CRASH);
        Loops.run(loop);

        assertThat(dies.buffersMade).isEqualTo(before);
        assertThat(other.said).hasToString("1 2 ");
    }

    @Test
    void aTurnOfTheEventLoopEndsAfterSoManyFeeds() {
        List<Taker> takers = takers(1300);
        publish(1, EventType.CRASH);
        var meanwhile = new ArrayList<Long>();
        loop.eventLoop()
                .execute(
                        () -> meanwhile.add(takers.stream().filter(taker -> !taker.said.isEmpty()).count()));
        Loops.run(loop);

        assertThat(meanwhile).containsExactly(512L);
        assertThat(takers).allSatisfy(taker -> assertThat(taker.said).hasToString("1 "));
    }

    @Test
    void whatComesMeanwhileIsHandedWithWhatWasThereToThoseWhoHadNothingYet() {
        List<Taker> takers = takers(1300);
        publish(1, EventType.CRASH);
        loop.eventLoop().execute(() -> publish(2, EventType.CRASH));
        Loops.run(loop);

        assertThat(takers).allSatisfy(taker -> assertThat(taker.said).hasToString("1 2 3 "));
        assertThat(takers.subList(0, 512)).allSatisfy(taker -> assertThat(taker.flushed).isEqualTo(2));
        assertThat(takers.subList(512, 1300)).allSatisfy(taker -> assertThat(taker.flushed).isOne());
    }

    @Test
    void whoJoinsInTheMiddleOfARoundIsHandedNothingTwice() {
        List<Taker> takers = takers(1300);
        var late = new Taker();
        publish(1, EventType.CRASH);
        loop.eventLoop().execute(() -> late.open(shared, EventFilter.ALL, new From.Oldest()));
        late.whenFlushed = () -> {
            late.whenFlushed = () -> {};
            inSomeTurns(5, () -> publish(2, EventType.CRASH)); // when it is live
        };
        Loops.run(loop);

        assertThat(late.said).hasToString("1 2 3 ");
        assertThat(takers).allSatisfy(taker -> assertThat(taker.said).hasToString("1 2 3 "));
    }

    @Test
    void pausesHalfAsLongAsARoundTook() {
        List<Taker> takers = takers(10);
        takers.forEach(taker -> taker.whenFlushed = () -> loop.advanceTimeBy(1, TimeUnit.MILLISECONDS));
        publish(1, EventType.CRASH);
        Loops.run(loop);
        publish(1, EventType.CRASH);
        Loops.run(loop);
        loop.advanceTimeBy(4, TimeUnit.MILLISECONDS);
        publish(1, EventType.CRASH);
        Loops.run(loop);
        assertThat(takers).allSatisfy(taker -> assertThat(taker.said).hasToString("1 "));

        loop.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        Loops.run(loop);

        assertThat(takers).allSatisfy(taker -> assertThat(taker.said).hasToString("1 2 3 "));
        assertThat(takers).allSatisfy(taker -> assertThat(taker.flushed).isEqualTo(2));
    }

    @Test
    void doesNotPauseWhileMuchWaits() {
        List<Taker> takers = takers(10);
        takers.forEach(taker -> taker.whenFlushed = () -> loop.advanceTimeBy(1, TimeUnit.MILLISECONDS));
        publish(1, EventType.CRASH);
        Loops.run(loop);
        publish(1, EventType.CRASH);
        Loops.run(loop);

        publish(64, EventType.CRASH);
        Loops.run(loop);

        assertThat(takers).allSatisfy(taker -> assertThat(taker.said.toString()).endsWith(" 64 65 "));
        loop.advanceTimeBy(1, TimeUnit.SECONDS);
        Loops.run(loop);
        assertThat(takers).allSatisfy(taker -> assertThat(taker.said.toString()).endsWith(" 65 66 "));
    }

    private void inSomeTurns(int turns, Runnable task) {
        loop.eventLoop().execute(turns == 0 ? task : () -> inSomeTurns(turns - 1, task));
    }

    private List<Taker> takers(int count) {
        List<Taker> takers = Stream.generate(Taker::new).limit(count).toList();
        takers.forEach(taker -> taker.open(shared, EventFilter.ALL, new From.Now()));
        Loops.run(loop);
        takers.forEach(taker -> taker.flushed = 0);
        return takers;
    }
}
