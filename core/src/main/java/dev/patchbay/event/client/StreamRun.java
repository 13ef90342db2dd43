package dev.patchbay.event.client;

import dev.patchbay.event.client.StreamSignal.Disconnected;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.netty.http.client.HttpClient;

/**
 * One subscriber's stream, over one connection after the other. What is not final, atomic or volatile belongs to one event
 * loop, as does the subscriber while it is told something.
 *
 * <p>It goes around connecting (no hello yet), asking (no answer to subscribe yet), live, and pausing, until it is cancelled
 * or refused. Invariants:
 *
 * <ol>
 *   <li>one link at a time; what an earlier one still says is not heard;
 *   <li>events that wait, credit that the daemon has, and credit that is owed to it make up the share of the window that
 *       the daemon lets grant; where more wait than that, from an earlier one, it has none and none is owed;
 *   <li>while the queue is full nothing is read, and no connection is made.
 * </ol>
 */
final class StreamRun implements Subscription, Link.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamRun.class);

    /** Between two grants: a daemon ends connections that say too much within a second. */
    private static final long GRANT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private static final int FIRST_FINAL_CODE = 4500;
    private static final int LAST_FINAL_CODE = 4999;

    private final CoreSubscriber<? super StreamSignal> actual;
    private final HttpClient client;
    private final String target;
    private final StreamOptions options;
    private final EventLoop loop;
    private final Ledger ledger;
    private final SignalQueue queue;
    private final Backoff backoff;
    private final AtomicLong requested = new AtomicLong();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean cancelled;
    private @Nullable Link link;
    private ServerFrame.@Nullable Hello hello;
    private boolean live;
    private long liveSinceNanos;
    private int share; // of the window: what the daemon lets grant
    private long owedFrames;
    private int owedCredit;
    private long lastGrantNanos = System.nanoTime() - GRANT_PAUSE_NANOS;
    private int failures;
    private boolean isRoomAwaited;
    private boolean draining;
    private boolean over;
    private @Nullable Throwable failure;
    private @Nullable Future<?> timer;
    private @Nullable Future<?> grantTimer;

    /** A stream for a subscriber, with a client that reaches the daemon. */
    StreamRun(CoreSubscriber<? super StreamSignal> actual, HttpClient client, String target,
            StreamOptions options,
            EventLoop loop) {
        this.actual = actual;
        this.client = client;
        this.target = target;
        this.options = options;
        this.loop = loop;
        this.ledger = new Ledger(options.start());
        this.queue = new SignalQueue(options.window());
        this.backoff = new Backoff(options.firstPause(), options.longestPause(),
                RandomGenerator.getDefault());
    }

    /** Begins. */
    void start() {
        loop.execute(this::connect);
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            requested.accumulateAndGet(n, Operators::addCap);
            if (woken.compareAndSet(false, true)) {
                loop.execute(() -> {
                    woken.set(false);
                    drain();
                });
            }
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        loop.execute(this::stop);
    }

    private void stop() {
        over = true;
        cancel(timer);
        cancel(grantTimer);
        queue.clear();
        leave(Link::close);
    }

    private static void cancel(@Nullable Future<?> pending) {
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void leave(Consumer<Link> how) {
        Link present = link;
        link = null;
        hello = null;
        live = false;
        if (present != null) {
            how.accept(present);
        }
    }

    private void connect() {
        if (over || cancelled) {
            return;
        }
        isRoomAwaited = queue.isFull();
        if (isRoomAwaited) {
            return; // drain comes back
        }
        owedFrames = 0;
        var next = new Link(loop, this);
        link = next;
        after(options.patience(), () -> lost("no answer within " + options.patience(), OptionalInt.empty()));
        next.open(client, target);
    }

    private void after(Duration pause, Runnable what) {
        cancel(timer);
        timer = loop.schedule(what, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void heard(Link from, String text) {
        if (from != link) {
            return;
        }
        owedFrames++;
        try {
            take(ServerFrameReader.read(text));
        } catch (StreamRefusedException e) {
            refused(e);
        }
        drain();
    }

    private void take(ServerFrame frame) {
        switch (frame) {
            case ServerFrame.Hello greeting -> greeted(greeting);
            case ServerFrame.Subscribed subscribed -> subscribed(subscribed);
            case ServerFrame.SnapshotBegin _ -> obey(ledger.snapshotBegan());
            case ServerFrame.Plugin(var id, var name, var json) ->
                queue.add(new StreamSignal.SnapshotPlugin(id, name, json));
            case ServerFrame.SnapshotEnd _ -> obey(ledger.snapshotEnded());
            case ServerFrame.Event event -> event(event);
            case ServerFrame.Gap gap -> obey(ledger.gap(gap));
            case ServerFrame.Bookmark bookmark -> obey(ledger.bookmark(bookmark));
            case ServerFrame.Failed(var code, var message) -> throw new StreamRefusedException(
                    "the daemon refuses the subscription: " + code + ", " + message, OptionalInt.empty());
            case ServerFrame.Other _ -> {
                // a newer daemon's
            }
        }
    }

    private void greeted(ServerFrame.Hello greeting) {
        Link present = link;
        if (hello == null && present != null) {
            hello = greeting;
            owedCredit = 0;
            // What waits comes back as credit when it is taken.
            share = Math.min(options.window(), greeting.maxCredit());
            int credit = share - queue.events();
            present.say(ClientFrames.subscribe(ledger.next(), options.filter(), Math.max(0, credit)));
        }
    }

    private void subscribed(ServerFrame.Subscribed frame) {
        ServerFrame.Hello greeting = hello;
        if (greeting == null || live) {
            throw ServerFrameReader.unreadable(new IllegalStateException("nobody asked for a subscription"));
        }
        live = true;
        obey(ledger.subscribed(greeting, frame));
        LOG.info("the events of {} go on after {}", target, frame.resumeFrom());
        watch(greeting.heartbeat().plus(options.patience()));
        liveSinceNanos = System.nanoTime();
    }

    private void obey(Ledger.Verdict verdict) {
        switch (verdict) {
            case Ledger.Verdict.Tell(var signals) -> signals.forEach(queue::add);
            case Ledger.Verdict.Missing(var place, long seq) ->
                lost("event " + seq + " came, and not what is between it and " + place, OptionalInt.empty());
        }
    }

    private void event(ServerFrame.Event event) {
        int before = queue.events();
        if (before >= options.window()) {
            throw ServerFrameReader.unreadable(new IllegalStateException("it exceeds the credit"));
        }
        obey(ledger.event(event));
        if (queue.events() == before) {
            owedCredit++; // it was known
        } else {
            failures = 0;
        }
    }

    /** Gives the connection up if nothing is read in so long a time, though it could be. */
    private void watch(Duration silence) {
        Link present = link;
        if (present == null) {
            return;
        }
        long quiet = System.nanoTime() - present.lastReadNanos();
        if (queue.isFull()) {
            after(silence, () -> watch(silence)); // nothing is read on purpose
        } else if (quiet >= silence.toNanos()) {
            lost("nothing was heard for " + silence, OptionalInt.empty());
        } else {
            after(silence.minusNanos(quiet), () -> watch(silence));
        }
    }

    @Override
    public void closed(Link from, WebSocketCloseStatus status) {
        if (from != link) {
            return;
        }
        String reason = "the daemon closed with " + status.code() + ": " + status.reasonText();
        var code = OptionalInt.of(status.code());
        if (status.code() >= FIRST_FINAL_CODE && status.code() <= LAST_FINAL_CODE) {
            refused(new StreamRefusedException(reason, code));
        } else {
            lost(reason, code);
        }
        drain();
    }

    @Override
    public void broke(Link from, Throwable reason) {
        if (from != link) {
            return;
        }
        OptionalInt status = Handshakes.status(reason);
        if (Handshakes.isFinal(status)) {
            refused(new StreamRefusedException("the daemon refuses the stream: " + reason.getMessage(),
                    status));
        } else {
            lost(String.valueOf(reason.getMessage()), OptionalInt.empty());
        }
        drain();
    }

    private void lost(String reason, OptionalInt code) {
        if (over || failure != null) {
            return;
        }
        if (live && System.nanoTime() - liveSinceNanos >= options.longestPause().toNanos()) {
            failures = 0; // that daemon was all right
        }
        leave(Link::cut);
        Duration pause = backoff.after(++failures);
        if (failures == 1) {
            LOG.info("the events of {} stopped, again in {}: {}", target, pause, reason);
        } else {
            LOG.debug("the events of {} still do not come, again in {}: {}", target, pause, reason);
        }
        queue.add(new Disconnected(reason, code, pause));
        after(pause, this::connect);
        drain();
    }

    private void refused(StreamRefusedException why) {
        if (failure == null) {
            failure = why;
            cancel(timer);
            leave(Link::close);
        }
    }

    private void drain() {
        if (draining || over) {
            return;
        }
        draining = true;
        try {
            tell();
        } catch (RuntimeException | Error bug) {
            // Nobody may throw there, and who does counts as one who has cancelled.
            LOG.error("the subscriber to the events of {} threw; it is told nothing more", target, bug);
            cancelled = true;
            stop();
        } finally {
            draining = false;
        }
        if (over || cancelled) {
            return;
        }
        Throwable why = failure;
        if (why != null) {
            if (queue.isEmpty()) {
                stop();
                actual.onError(why);
            }
            return;
        }
        goOn();
    }

    private void tell() {
        long demand = requested.get();
        long told = 0;
        while (!cancelled && told != demand) {
            StreamSignal signal = queue.poll();
            if (signal == null) {
                break;
            }
            if (SignalQueue.isEvent(signal) && queue.events() < share) {
                owedCredit++;
            }
            actual.onNext(signal);
            told++;
            demand = requested.get(); // it may have asked for more meanwhile
        }
        if (told != 0 && demand != Long.MAX_VALUE) {
            requested.addAndGet(-told);
        }
    }

    /** Lets more come, if there is room for it. */
    private void goOn() {
        if (queue.isFull()) {
            return;
        }
        if (isRoomAwaited) {
            connect();
            return;
        }
        grant();
        Link present = link;
        if (present != null && owedFrames > 0) {
            int more = (int) owedFrames;
            owedFrames = 0;
            present.request(more);
        }
    }

    private void grant() {
        Link present = link;
        if (!live || present == null || owedCredit < Math.max(1, share / 2)) {
            return;
        }
        long early = lastGrantNanos + GRANT_PAUSE_NANOS - System.nanoTime();
        if (early <= 0) {
            lastGrantNanos = System.nanoTime();
            present.say(ClientFrames.credit(owedCredit));
            owedCredit = 0;
        } else if (grantTimer == null || grantTimer.isDone()) {
            grantTimer = loop.schedule(this::drain, early, TimeUnit.NANOSECONDS);
        }
    }
}
