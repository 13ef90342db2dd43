package dev.patchbay.benchmarks.micro;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The plugins as an actor of Pekko's, as it comes: default dispatcher, unbounded mailbox. */
@State(Scope.Benchmark)
public class PekkoPlugins implements AskedPlugins {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private @Nullable ActorSystem<Disable> system;

    private record Disable(String name, ActorRef<Answer> replyTo) {}

    /** Starts the actor. */
    @Setup(Level.Trial)
    public void open() {
        var table = new Table();
        system = ActorSystem.create(Behaviors.receiveMessage(asked -> {
            asked.replyTo().tell(table.disable(asked.name()));
            return Behaviors.same();
        }), "plugins",
                ConfigFactory.parseString("pekko.loglevel = WARNING").withFallback(ConfigFactory.load()));
    }

    @Override
    public CompletionStage<Answer> disable(String name) {
        var actor = Objects.requireNonNull(system);
        return AskPattern.ask(actor, replyTo -> new Disable(name, replyTo), PATIENCE, actor.scheduler());
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() {
        Objects.requireNonNull(system).terminate();
    }
}
