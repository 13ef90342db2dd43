package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** So many at a time, in the order in which they came. */
@Timeout(60)
class PermitsTest {
    private final List<String> told = new ArrayList<>();

    private Permits.Waiting named(String name) {
        return () -> told.add(name);
    }

    @Test
    void grantsAtOnceWhatIsFreeAndTheRestInTurn() {
        var permits = new Permits(2);
        for (String name : List.of("a", "b", "c", "d")) {
            permits.acquire(named(name));
        }
        assertThat(told).containsExactly("a", "b");
        permits.release();
        assertThat(told).containsExactly("a", "b", "c");
        permits.release();
        permits.release();
        permits.acquire(named("e"));
        assertThat(told).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void passesOverWhoWithdrew() {
        var permits = new Permits(1);
        Permits.Waiting second = named("b");
        permits.acquire(named("a"));
        permits.acquire(second);
        permits.acquire(named("c"));
        permits.withdraw(second);
        permits.release();
        assertThat(told).containsExactly("a", "c");
    }

    @Test
    void growsNoStackOfThoseWhoGiveBackAtOnce() {
        var permits = new Permits(1);
        var granted = new AtomicInteger();
        permits.acquire(named("first"));
        for (int i = 0; i < 100_000; i++) {
            permits.acquire(() -> {
                granted.incrementAndGet();
                permits.release();
            });
        }
        permits.release();
        assertThat(granted).hasValue(100_000);
    }

    @Test
    void forgetsNobodyAndLetsInNoneTooMany() throws InterruptedException {
        int most = 3;
        int each = 20_000;
        int threads = 4;
        var permits = new Permits(most);
        var inside = new AtomicInteger();
        var crowd = new AtomicInteger();
        var served = new CountDownLatch(each * threads);
        List<Thread> all = IntStream.range(0, threads)
                .mapToObj(seed -> Thread.ofPlatform().start(() -> {
                    var random = new Random(seed);
                    for (int i = 0; i < each; i++) {
                        boolean elsewhere = random.nextInt(50) == 0;
                        permits.acquire(() -> {
                            crowd.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            Runnable leave = () -> {
                                inside.decrementAndGet();
                                permits.release();
                                served.countDown();
                            };
                            if (elsewhere) {
                                Thread.ofVirtual().start(leave);
                            } else {
                                leave.run();
                            }
                        });
                    }
                }))
                .toList();
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(served.await(30, TimeUnit.SECONDS)).as("%d wait for ever", served.getCount()).isTrue();
        assertThat(crowd.get()).isBetween(1, most);
        assertThat(inside).hasValue(0);
    }
}
