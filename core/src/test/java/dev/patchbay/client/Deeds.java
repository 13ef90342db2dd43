package dev.patchbay.client;

import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import reactor.core.publisher.Mono;

/** What plugins do, well or badly, to those who call them by the thousand. */
public final class Deeds {
    private static final List<String> ALL = List.of("Good", "Good", "Good", "Good", "Large", "Close", "Half",
            "Hang", "Endless", "Garbage", "Refuse");
    private static final int LONGEST_PATIENCE = 20_000_000;

    private Deeds() {}

    /** The method of one of them. */
    public static String any(Random random) {
        return "Sample." + ALL.get(random.nextInt(ALL.size()));
    }

    /** Lets a plugin do them all. */
    public static ScriptedPlugin script(ScriptedPlugin plugin) {
        return plugin.forgetful()
                .on("Sample.Good", Behaviour.json("{\"Text\":\"good\"}"))
                .on("Sample.Large", Behaviour.json("{\"Text\":\"" + "x".repeat(90_000) + "\"}"))
                .on("Sample.Close", Behaviour.close())
                .on("Sample.Half", Behaviour.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Vol"))
                .on("Sample.Hang", Behaviour.hang())
                .on("Sample.Endless", (_, peer) -> {
                    peer.write(Peer.head(200, "Transfer-Encoding: chunked"));
                    while (true) {
                        peer.write("1000\r\n" + "x".repeat(4096) + "\r\n");
                    }
                })
                .on("Sample.Garbage", Behaviour.raw("\u0000\u0001\u0002\r\n\r\n\r\n"))
                .on("Sample.Refuse", Behaviour.status(500, "{\"Err\":\"no\"}"));
    }

    /** How long somebody waits who loses patience, 20 ms at most. */
    public static Duration patience(Random random) {
        return Duration.ofNanos(random.nextInt(LONGEST_PATIENCE));
    }

    /** A call that is cancelled if it takes longer. */
    public static Mono<Void> cancelledAfter(Duration patience, Mono<Void> call) {
        return Mono.firstWithSignal(call, Mono.delay(patience).then());
    }
}
