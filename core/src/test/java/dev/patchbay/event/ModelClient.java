package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.EventSignal.Gap;
import dev.patchbay.event.EventSignal.Happened;
import dev.patchbay.event.EventSignal.Passed;
import dev.patchbay.event.EventSignal.Subscribed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;

/** Somebody who listens, checks every word, and remembers how far it has come. */
final class ModelClient extends BaseSubscriber<EventSignal> {
    final Subscription asked;
    private final Told told;
    private final String name;
    @Nullable
    Cursor position;
    int gaps;
    int heard;
    boolean ended;
    boolean greedy;

    ModelClient(String name, Subscription asked, Told told) {
        this.name = name;
        this.asked = asked;
        this.told = told;
    }

    @Override
    protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
        // asks when it is told to
    }

    @Override
    protected void hookOnNext(EventSignal signal) {
        if (position == null) {
            assertThat(signal).as("%s: the first", name).isInstanceOf(Subscribed.class);
        }
        switch (signal) {
            case Subscribed begun -> begin(begun);
            case Happened(PluginEvent event, long prev) -> happen(event, prev);
            case Gap(Cursor from, Cursor to, var _) -> {
                if (!from.equals(position)) {
                    move(from);
                }
                assertThat(to).as("%s: a gap leads on", name).isNotEqualTo(from);
                gaps++;
                position = to;
            }
            case Passed(Cursor upTo) -> move(upTo);
        }
    }

    private void begin(Subscribed begun) {
        assertThat(position).as("%s: begins once", name).isNull();
        if (asked.from() instanceof From.At(Cursor cursor) && begun.recovered()) {
            assertThat(begun.resumeFrom()).isEqualTo(cursor);
        }
        position = begun.resumeFrom();
    }

    private void happen(PluginEvent event, long prev) {
        Cursor before = position;
        assertThat(before).isNotNull();
        assertThat(event).as("%s: as it was told", name).isEqualTo(told.at(event.cursor()));
        assertThat(asked.filter().test(event)).as("%s: wanted %s", name, event).isTrue();
        assertThat(prev).as("%s: nothing missed before %s", name, event.cursor())
                .isLessThanOrEqualTo(before == null ? 0 : before.seq());
        heard++;
        move(event.cursor(), 1);
    }

    private void move(Cursor to) {
        move(to, 0);
    }

    /** Everything in between, but for the last, is of no interest. */
    private void move(Cursor to, int last) {
        Cursor before = position;
        assertThat(before).isNotNull();
        if (before != null) {
            assertThat(to.epoch()).as("%s: no new epoch without a gap", name).isEqualTo(before.epoch());
            assertThat(to.seq()).as("%s: once, in order", name).isGreaterThan(before.seq());
            assertThat(told.first(before, to.at(to.seq() - last), asked.filter()))
                    .as("%s: silently lost between %s and %s", name, before, to)
                    .isEmpty();
        }
        position = to;
    }

    /** Whether it has heard everything up to some place that it wants. */
    boolean isAt(Cursor head) {
        Cursor here = position;
        return here != null && here.epoch().equals(head.epoch())
                && told.first(here, head, asked.filter()).isEmpty();
    }

    @Override
    protected void hookOnError(Throwable error) {
        told.fail(new AssertionError(name + " failed", error));
    }

    @Override
    protected void hookOnComplete() {
        ended = true;
    }

    Optional<Cursor> place() {
        return Optional.ofNullable(position);
    }

    @Override
    public String toString() {
        return name + " at " + position;
    }
}
