package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.web.Loops;
import dev.patchbay.web.feed.Feed;
import org.junit.jupiter.api.Test;

/** Feeds that may say only so many events, of which not all pass. */
final class FeedCreditTest extends FeedStage {
    @Test
    void itsPlaceMovesWithoutCreditUpToTheFirstEventThatPasses() {
        publish(100, EventType.START);
        var taker = new Taker();
        Feed feed = taker.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Oldest(), 0);
        Loops.run(loop);
        publish(100, EventType.START); // it is live
        Loops.run(loop);
        feed.mark();
        assertThat(taker.said).hasToString("(200) ");
        publish(10, EventType.START);
        publish(2, EventType.CRASH);
        publish(10, EventType.START);
        Loops.run(loop);
        feed.mark();
        feed.resume();
        feed.mark();
        assertThat(taker.said).hasToString("(200) (210) ");
        feed.grant(1);
        Loops.run(loop);
        feed.mark();
        assertThat(taker.said).hasToString("(200) (210) 211 ");
        feed.grant(1);
        Loops.run(loop);
        feed.mark();
        assertThat(taker.said).hasToString("(200) (210) 211 212 (222) ");
        feed.close();
    }

    @Test
    void anEventThatWaitsForCreditIsSaidEvenIfThatComesBeforeTheNextTurn() {
        publish(64 + 128 + 256, EventType.START); // as many pages as are a turn, with the one in which credit is missed
        publish(1, EventType.CRASH);
        publish(1000, EventType.START);
        publish(1, EventType.CRASH);
        var taker = new Taker();
        Feed feed = taker.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Oldest(), 0);
        feed.grant(5);
        Loops.run(loop);

        assertThat(taker.said).hasToString("449 1450 ");
        feed.close();
    }

    @Test
    void nothingIsLostToAFeedWithoutCreditOfWhichNothingPasses() {
        var taker = new Taker();
        Feed feed = taker.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Oldest(), 0);
        Loops.run(loop);
        for (int i = 0; i < 30; i++) {
            publish(1000, EventType.START); // three times as many as are kept
            Loops.run(loop);
        }
        publish(1, EventType.CRASH);
        feed.grant(1);
        Loops.run(loop);

        assertThat(taker.said).hasToString("30001 ");
        feed.close();
    }

    @Test
    void whatWasTrimmedWhileAnEventThatPassesWaitedIsAnnouncedOnceAndWhole() {
        publish(1, EventType.CRASH);
        var taker = new Taker();
        Feed feed = taker.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Oldest(), 1);
        Loops.run(loop);
        for (int i = 0; i < 30; i++) {
            publish(500, EventType.START);
            publish(500, EventType.CRASH);
            Loops.run(loop);
            feed.resume();
        }
        assertThat(taker.said).hasToString("1 ");
        feed.grant(1);
        Loops.run(loop);

        assertThat(taker.said).hasToString("1 !501-20001 20502 ");
        feed.close();
    }

    @Test
    void whatWasTrimmedWhileAFeedReadsWithoutCreditIsAnnouncedOnceAndWhole() {
        publish(5_000, EventType.START);
        journal.holds = true;
        var taker = new Taker();
        Feed feed = taker.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Oldest(), 0);
        Loops.run(loop);
        publish(6_000, EventType.CRASH);
        journal.held.removeFirst().run(); // what it asked for is gone
        Loops.run(loop);
        assertThat(taker.said).isEmpty();
        publish(1_000, EventType.CRASH);
        journal.holds = false;
        feed.grant(1);
        Loops.run(loop);

        assertThat(taker.said).hasToString("!0-2000 5001 ");
        feed.close();
    }
}
