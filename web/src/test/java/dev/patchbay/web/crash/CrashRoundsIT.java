package dev.patchbay.web.crash;

import dev.patchbay.registry.RealRegistry;
import dev.patchbay.syscall.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The daemon is ended at random moments while clients change plugins; then it is started again, and compared with what it
 * had acknowledged. {@code make test-crashes} runs more rounds. A seed decides what is asked for and how the daemon
 * ends; when exactly, the machine decides.
 */
@RequiresRoot
@Timeout(3600)
class CrashRoundsIT {
    @RegisterExtension
    static final RealRegistry REGISTRY = RealRegistry.open();

    private static final int CLIENTS = 3;
    private static final int ACCOUNTS_EACH = 2;
    /** More than any round asks for. */
    private static final int ENDLESS = 10_000;

    private final Rounds rounds = new Rounds("crash", 20);
    private final Random random = rounds.random();
    private final History history = rounds.history();
    private final List<Client> clients = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private CrashWorld world;

    @BeforeAll
    static void needsPrograms() {
        for (String program : List.of("/usr/bin/conmon", "/usr/sbin/runc")) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: there is no " + program);
        }
    }

    @BeforeEach
    void open() throws IOException {
        List<List<Account>> owned = IntStream.range(0, CLIENTS)
                .mapToObj(client -> IntStream.range(0, ACCOUNTS_EACH)
                        .mapToObj(number -> new Account("p" + client + number))
                        .toList())
                .toList();
        var steady = new Account("steady");
        List<Account> all = new ArrayList<>(owned.stream().flatMap(List::stream).toList());
        all.add(steady);
        world = new CrashWorld(all);
        world.rise(false);
        String repository = REGISTRY.get().address() + "/crash/r" + Math.floorMod(rounds.seed(), 1_000_000);
        for (String version : Wishes.PUBLISHED) {
            SampleVersions.publish(world.client(), repository + ":" + version, version);
        }
        byte[] context = SampleVersions.context(Wishes.LOCAL);
        for (List<Account> accounts : owned) {
            clients.add(new Client(accounts, new Wishes(new Random(random.nextLong()), repository, context),
                    new Random(random.nextLong()), world.client(), history));
        }
        new Steady(steady, world.client()).install(context);
    }

    @AfterEach
    void close() throws IOException {
        threads.shutdownNow();
        world.close();
    }

    @Test
    void losesNothingThatWasAcknowledgedAndLeavesNothingBehind() {
        rounds.play(this::round, world::endsWithNothing, world::log);
    }

    private void round(int number) throws Exception {
        Fall how = Fall.any(random);
        boolean liveRestore = random.nextBoolean();
        history.add("round " + number + ": " + how + ", then a daemon with live restore " + liveRestore);
        clientsAreCutOff(how);
        world.looksRightWithoutDaemon(how);
        Map<String, Sightings.Container> livesOn = world.undisturbed();
        world.rise(liveRestore);
        if (how == Fall.KILL_TWICE) {
            world.remembersEverything();
            pause();
            world.fall(how);
            world.looksRightWithoutDaemon(how);
            world.rise(liveRestore);
        }
        world.remembersEverything();
        world.comesToRest(livesOn);
    }

    /** Lets clients ask for changes, and ends the daemon while they do. */
    private void clientsAreCutOff(Fall how) throws Exception {
        var enough = new CountDownLatch(1 + random.nextInt(4 * CLIENTS));
        List<Future<?>> work = new ArrayList<>();
        for (Client client : clients) {
            work.add(threads.submit(() -> client.run(world::isFalling, enough::countDown, ENDLESS)));
        }
        while (!enough.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
            if (work.stream().anyMatch(Future::isDone)) {
                break; // failed: said below
            }
        }
        pause();
        world.fall(how);
        for (Future<?> each : work) {
            join(each);
        }
    }

    private static final int PAUSE_MILLIS = 20;

    private static void join(Future<?> work) throws InterruptedException, TimeoutException {
        try {
            work.get(SocketClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** Makes the moment of what follows a random one: from within the step before to well behind it. */
    private void pause() {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(120_000)));
    }
}
