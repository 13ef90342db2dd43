package dev.patchbay.web.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.web.crash.SocketClient.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A daemon that falls and rises, and the plugins that it should have. For one thread; {@link #isFalling} for any. Closing
 * leaves nothing on the machine.
 */
final class CrashWorld implements AutoCloseable {
    private final Host host = Host.create();
    private final List<Account> accounts;

    /** Whether the daemon is being ended, or is not there yet. */
    private volatile boolean falling = true;
    private boolean liveRestore;

    CrashWorld(List<Account> accounts) throws IOException {
        this.accounts = List.copyOf(accounts);
    }

    SocketClient client() {
        return host.client();
    }

    boolean isFalling() {
        return falling;
    }

    /** Starts a daemon. Returns when it accepts requests, which is long before plugins run. */
    void rise(boolean withLiveRestore) throws IOException {
        liveRestore = withLiveRestore;
        host.start("--live-restore=" + withLiveRestore);
        falling = false;
    }

    /** Ends the daemon. */
    void fall(Fall how) throws IOException, InterruptedException {
        falling = true;
        switch (how) {
            case KILL, KILL_TWICE, REBOOT -> host.kill();
            case TERM -> host.terminate();
        }
    }

    /** What must be true of the machine as soon as there is no daemon and no client any more. */
    void looksRightWithoutDaemon(Fall how) throws IOException {
        host.sightings().lookWhileNobodyIsAtWork();
        host.traces().learn();
        if (!how.sparesPlugins(liveRestore)) {
            accounts.forEach(Account::disturb);
        }
        switch (how) {
            case KILL, KILL_TWICE -> {
                // anything may be left, and is looked at when the next daemon has had its say
            }
            case TERM -> {
                if (!liveRestore) {
                    assertThat(host.traces()
                            .strays(List.of())
                            .stream()
                            .filter(stray -> !stray.startsWith("file")))
                            .as("what a clean stop leaves")
                            .isEmpty();
                }
            }
            case REBOOT -> host.traces().reboot();
        }
    }

    /** Compares with what was acknowledged. True from the first request on. */
    void remembersEverything() throws IOException {
        List<Observation> seen = host.plugins();
        assertThat(seen).extracting(Observation::name)
                .doesNotHaveDuplicates()
                .isSubsetOf(accounts.stream().map(Account::name).toList());
        for (Account account : accounts) {
            account.settle(seen.stream().filter(plugin -> plugin.name().equals(account.name())).findFirst());
        }
    }

    /** The containers that must live on, by plugin: their owners were not touched since they were seen to run. */
    Map<String, Sightings.Container> undisturbed() throws IOException {
        Map<String, Sightings.Container> containers = host.sightings().containers();
        containers.keySet()
                .removeIf(id -> accounts.stream()
                        .noneMatch(account -> account.isUndisturbed()
                                && account.id().equals(Optional.of(id))));
        return containers;
    }

    /** Waits until all plugins are as their users want them, and nothing else is there. */
    void comesToRest(Map<String, Sightings.Container> livedOn) throws IOException {
        Wait.untilAsserted(() -> {
            assertThat(host.plugins()).allMatch(Observation::isAtRest);
            assertThat(host.isReady()).as("ready").isTrue();
        });
        host.sightings().look();
        Map<String, Sightings.Container> containers = host.sightings().containers();
        assertThat(containers).as("containers that nothing was done about").containsAllEntriesOf(livedOn);
        for (Observation plugin : host.plugins()) {
            if (plugin.enabled()) {
                assertThat(plugin.generation()).as("generation of %s", plugin)
                        .isEqualTo(host.container(plugin.id()).generation());
                assertThat(host.greeting(plugin.id())).as("greeting of %s", plugin)
                        .isEqualTo(plugin.content().greeting());
            }
        }
        accounts.stream().filter(account -> account.known().isEnabled()).forEach(Account::seenRunning);
        Wait.untilAsserted(() -> assertThat(host.traces().strays(host.plugins())).as("strays").isEmpty());
        Wait.untilAsserted(() -> {
            client().done(Request.post("/patchbay/v1/gc"));
            assertThat(client().done(Request.post("/patchbay/v1/gc?dryRun=true")).body())
                    .contains("\"unreferenced\":0", "\"unfinished\":0", "\"problems\":[]");
        });
        assertThat(host.log()).as("the log").doesNotContain(" ERROR ").doesNotContain("internal error");
    }

    /** Removes all plugins and stops the daemon: now nothing at all may be left. */
    void endsWithNothing() throws IOException, InterruptedException {
        for (Observation plugin : host.plugins()) {
            client().done(Request.delete("/plugins/" + plugin.name() + "?force=1"));
        }
        Wait.untilAsserted(() -> {
            client().done(Request.post("/patchbay/v1/gc"));
            assertThat(host.traces().strays(List.of())).isEmpty();
            assertThat(host.root().resolve("storage/blobs/sha256")).isEmptyDirectory();
        });
        fall(Fall.TERM);
        assertThat(host.traces().strays(List.of())).isEmpty();
        assertThat(host.traces().processes()).isEmpty();
    }

    /** The log of the daemon that was started last. */
    String log() {
        return host.log();
    }

    @Override
    public void close() throws IOException {
        falling = true;
        host.close();
    }
}
