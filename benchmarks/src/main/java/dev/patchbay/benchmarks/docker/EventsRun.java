package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.SmallPlugin;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Unit;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many events a second reach a subscriber of Docker's {@code /events} while eight clients make and remove plugins as
 * fast as they are answered? Each plugin is two events, and none may be missing.
 */
final class EventsRun implements LoadRun {
    private static final int CLIENTS = 8;
    private static final int ROUNDS = 3;
    private static final long SECONDS = 6;
    private static final String RATE = "events, delivered to one subscriber";
    private static final String EVENTS = Peer.API + "/events?filters="
            + URLEncoder.encode("{\"type\":[\"plugin\"]}", StandardCharsets.UTF_8);

    @Override
    public Table measure(Built built) throws Exception {
        try (Side.Both both = Side.Both.of(Peers.of(built));
                var ours = both.ours().start();
                var theirs = both.theirs().start()) {
            var numbers = new AtomicInteger();
            List<Figures> taken = new Turns(1, ROUNDS)
                    .take(List.of(it -> it.add(RATE, rate(both.ours(), ours, numbers)),
                            it -> it.add(RATE, rate(both.theirs(), theirs, numbers))));
            return new Scores("How many events a second does docker events get?").of(taken)
                    .in(Unit.perSecond("events"))
                    .told(RATE)
                    .remark("more is better here, so a ratio above 1 is ahead of dockerd")
                    .table();
        }
    }

    private static double rate(Side side, DaemonHere daemon, AtomicInteger numbers) throws Exception {
        try (var subscriber = EventCount.subscribe(daemon.socket(), EVENTS);
                var threads = Executors.newFixedThreadPool(CLIENTS)) {
            long begin = System.nanoTime();
            var clients = new ArrayList<Future<Integer>>();
            for (int client = 0; client < CLIENTS; client++) {
                Callable<Integer> pairs = () -> makeAndRemove(side, numbers, begin);
                clients.add(threads.submit(pairs));
            }
            long events = 0;
            for (Future<Integer> client : clients) {
                events += client.get();
            }
            subscriber.await(events);
            return 1e9 * events / (System.nanoTime() - begin);
        }
    }

    /** Works for a while. @return how many events that made */
    private static int makeAndRemove(Side side, AtomicInteger numbers, long begin) throws IOException {
        int events = 0;
        while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(SECONDS)) {
            // Each is another: dockerd makes no two at a time of the same content.
            String name = "small" + numbers.incrementAndGet();
            side.create(name, SmallPlugin.context(name));
            side.ask("DELETE", "/plugins/" + name);
            events += 2;
        }
        return events;
    }
}
