package dev.patchbay.web.v1;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.web.Json;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Feed;
import dev.patchbay.web.feed.Outlet;
import dev.patchbay.web.feed.Wish;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client of the model: takes bytes when it likes, reads the frames in them, and holds them against what happened. */
final class FeedModelClient implements Outlet {
    private static final int HIGH_WATER = 3000;

    private final EmbeddedChannel loop;
    private final Map<String, List<PluginEvent>> truth;
    private final EventFilter filter;
    private final FeedModel.Tally tally;
    private final ByteBuf unflushed = Unpooled.buffer();
    private final ByteBuf waiting = Unpooled.buffer();
    private final ByteBuf taken = Unpooled.buffer();
    private @Nullable Feed feed;
    private @Nullable Cursor position;
    private long prev;
    private boolean limited;
    private boolean wasFull;

    FeedModelClient(EmbeddedChannel loop, Map<String, List<PluginEvent>> truth, EventFilter filter,
            FeedModel.Tally tally) {
        this.loop = loop;
        this.truth = truth;
        this.filter = filter;
        this.tally = tally;
    }

    void open(EventHub hub, Wish wish) {
        limited = wish.credit() != Wish.UNLIMITED;
        feed = hub.open(loop.eventLoop(), wish, this);
    }

    Feed feed() {
        return Objects.requireNonNull(feed);
    }

    /** Up to where it knows everything. */
    Optional<Cursor> cursor() {
        return Optional.ofNullable(position);
    }

    void act(Random chance) {
        if (limited) {
            feed().grant(1 + chance.nextInt(50));
        }
    }

    void vanish() {
        feed().close();
    }

    /** Takes bytes that were sent. */
    void take(int bytes) {
        taken.writeBytes(waiting, Math.min(bytes, waiting.readableBytes()));
        while (whole()) {
            hear(Json.mapper().readTree(message()));
        }
        taken.discardReadBytes();
        waiting.discardReadBytes();
        if (wasFull && isWritable()) {
            wasFull = false;
            loop.eventLoop().execute(feed()::resume);
        }
    }

    /** Takes all there is, and wants more; whether there was something. */
    boolean takeAll() {
        boolean some = waiting.isReadable();
        take(Integer.MAX_VALUE);
        if (limited && feed().credit() == 0) {
            feed().grant(1000);
            some = true;
        }
        return some;
    }

    private boolean whole() {
        if (taken.readableBytes() < 2) {
            return false;
        }
        int length = taken.getUnsignedByte(taken.readerIndex() + 1);
        int header = length == 126 ? 4 : 2;
        if (taken.readableBytes() < header) {
            return false;
        }
        return taken.readableBytes() >= header
                + (length == 126 ? taken.getUnsignedShort(taken.readerIndex() + 2) : length);
    }

    private String message() {
        check(taken.readUnsignedByte() == 0x81, "a frame of text");
        int length = taken.readUnsignedByte();
        return taken
                .readCharSequence(length == 126 ? taken.readUnsignedShort() : length, StandardCharsets.UTF_8)
                .toString();
    }

    private void hear(JsonNode frame) {
        Cursor place = position;
        switch (frame.get("frame").stringValue()) {
            case "subscribed" -> {
                check(place == null, "subscribed once");
                move(cursor(frame, "resumeFrom"));
                tally.unrecovered += frame.get("recovered").booleanValue() ? 0 : 1;
            }
            case "event" -> event(Objects.requireNonNull(place), frame);
            case "gap" -> gap(Objects.requireNonNull(place), frame);
            case "bookmark" -> {
                Cursor upTo = Objects.requireNonNull(place).at(frame.get("seq").longValue());
                check(upTo.seq() > place.seq(), "a bookmark says something");
                nothingBetween(place, upTo.at(upTo.seq() + 1));
                position = upTo;
                tally.bookmarks++;
            }
            default -> throw new AssertionError("unexpected " + frame);
        }
    }

    private void event(Cursor place, JsonNode frame) {
        Cursor event = place.at(frame.get("seq").longValue());
        check(event.seq() > place.seq(), event + " after " + place);
        check(frame.get("prev").longValue() == prev,
                event + " says prev " + frame.get("prev") + ", not " + prev);
        List<PluginEvent> epoch = truth.getOrDefault(event.epoch(), List.of());
        check(event.seq() <= epoch.size(), event + " never happened");
        PluginEvent happened = epoch.get((int) event.seq() - 1);
        check(filter.test(happened), event + " does not pass");
        check(frame.at("/attributes/n").stringValue().equals(happened.attributes().get("n")),
                event + " is another");
        nothingBetween(place, event);
        move(event);
    }

    private void gap(Cursor place, JsonNode frame) {
        Cursor from = cursor(frame, "from");
        Cursor to = cursor(frame, "to");
        check(from.epoch().equals(place.epoch()) && from.seq() >= place.seq(),
                "a gap from " + from + " at " + place);
        nothingBetween(place, from.at(from.seq() + 1));
        if (to.epoch().equals(from.epoch())) {
            check(to.seq() > from.seq(), "a gap of nothing");
            tally.trims++;
        } else {
            tally.epochs++;
        }
        move(to);
    }

    private void move(Cursor to) {
        position = to;
        prev = to.seq();
    }

    private static Cursor cursor(JsonNode frame, String field) {
        return Cursor.parse(frame.get(field).stringValue()).orElseThrow();
    }

    private void nothingBetween(Cursor after, Cursor before) {
        List<PluginEvent> epoch = truth.getOrDefault(after.epoch(), List.of());
        for (long seq = after.seq() + 1; seq < Math.min(before.seq(), epoch.size() + 1L); seq++) {
            PluginEvent one = epoch.get((int) seq - 1);
            check(!filter.test(one), one.cursor() + " was not told, between " + after + " and " + before);
        }
    }

    /** Whether it was told everything there is. */
    void checkComplete() {
        Cursor place = Objects.requireNonNull(position, "it never began");
        truth.keySet()
                .stream()
                .reduce((_, newer) -> newer)
                .ifPresent(newest -> check(
                        place.epoch().equals(newest) || !truth.containsKey(place.epoch()),
                        "it is left at " + place + " and " + newest + " goes on"));
        nothingBetween(place, place.at(Long.MAX_VALUE));
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    @Override
    public boolean isWritable() {
        boolean writable = unflushed.readableBytes() + waiting.readableBytes() < HIGH_WATER;
        wasFull |= !writable;
        return writable;
    }

    @Override
    public void write(ByteBuf messages) {
        unflushed.writeBytes(messages);
        messages.release();
    }

    @Override
    public void flush() {
        waiting.writeBytes(unflushed);
        unflushed.clear();
    }

    @Override
    public ByteBufAllocator allocator() {
        return ByteBufAllocator.DEFAULT;
    }

    @Override
    public void lost(EventSignal.Gap gap) {
        throw new AssertionError("there is a word for it: " + gap);
    }

    @Override
    public void unfinished() {
        throw new AssertionError("the engine is not closed");
    }

    @Override
    public void ended() {
        throw new AssertionError("the engine is not closed");
    }

    @Override
    public void failed(Throwable bug) {
        throw new AssertionError("a bug", bug);
    }
}
