package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** Calls on the event loops of a host. */
@Timeout(60)
class HostLoopsTest {
    private static final PluginCall<Void> CALL = PluginCall.of("Sample.Do");

    @TempDir
    private Path folder;

    private final LoopResources loops = LoopResources.create("host", 3, true);
    private ScriptedPlugin plugin;
    private PluginClients clients;
    private GenerationClient client;

    @BeforeEach
    void open() throws IOException {
        plugin = ScriptedPlugin.at(folder.resolve("p")).on("Sample.Do", Behaviour.json("{}"));
        clients = PluginClients.open(ClientOptions.DEFAULT.on(loops));
        client = clients.connect(new PluginEndpoint("p", 1, new PluginAddress.Unix(plugin.socket()), ""));
        client.call(CALL).block(PluginWorld.PATIENCE); // the first answer of each type is read elsewhere
    }

    @AfterEach
    void close() throws IOException {
        clients.close().block(PluginWorld.PATIENCE);
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(PluginWorld.PATIENCE);
        plugin.close();
    }

    private List<Scheduler> threads() {
        return StreamSupport.stream(loops.onClient(true).spliterator(), false)
                .<Scheduler>map(Schedulers::fromExecutor)
                .toList();
    }

    private static String name() {
        return Thread.currentThread().getName();
    }

    /** Where a call was made that follows on another, and where each was answered. */
    private List<String> names(Scheduler thread) {
        var answered = new CompletableFuture<List<String>>();
        Mono.fromSupplier(HostLoopsTest::name)
                .subscribeOn(thread)
                .flatMap(asked -> client.call(CALL)
                        .then(Mono.fromSupplier(HostLoopsTest::name))
                        .flatMap(first -> client.call(CALL)
                                .then(Mono.fromSupplier(() -> List.of(asked, first, name())))))
                .subscribe(answered::complete, answered::completeExceptionally);
        return answered.join();
    }

    @Test
    void answersOnTheLoopThatAsks() {
        for (int round = 0; round < 5; round++) {
            for (Scheduler thread : threads()) {
                List<String> names = names(thread);
                assertThat(names).allMatch(name -> name.startsWith("host-"));
                assertThat(names).as("where it was asked and answered").containsOnly(names.getFirst());
            }
        }
    }

    @Test
    void answersThreadsOfOthersOnLoopsOfTheHost() {
        String answered = client.call(CALL)
                .then(Mono.fromSupplier(HostLoopsTest::name))
                .block(PluginWorld.PATIENCE);
        assertThat(answered).startsWith("host-");
    }

    @Test
    void leavesBuffersToReactorNettyWhateverTheHostDoesWithDroppedOnes() {
        Mono<Void> call = client.call(CALL);
        assertThat(call.thenReturn("answered")
                .doOnDiscard(ByteBuf.class, ByteBuf::release) // as Reactor Netty's own server, while it sends
                .block(PluginWorld.PATIENCE)).isEqualTo("answered");
        assertThat(client.call(CALL).thenReturn("still there").block(PluginWorld.PATIENCE))
                .isEqualTo("still there");
    }

    @Test
    void leavesTheLoopsToTheirHostWhenItCloses() {
        clients.close().block(PluginWorld.PATIENCE);
        assertThat(threads()).allSatisfy(thread -> assertThat(Mono.fromSupplier(HostLoopsTest::name)
                .subscribeOn(thread)
                .block(PluginWorld.PATIENCE)).startsWith("host-"));
    }
}
