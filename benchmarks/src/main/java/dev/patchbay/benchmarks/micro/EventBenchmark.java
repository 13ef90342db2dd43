package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.events.StreamFrames;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.plugin.InterfaceType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long does it take to encode an event, beside Jackson's databind with records, and to tell whether it passes a filter of
 * three keys, beside a list of predicates over the texts that a subscriber wrote?
 */
@Question("How long does encoding and filtering an event take?")
@Fork(1)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class EventBenchmark {
    private final JsonMapper mapper = JsonMapper.builder().build();
    private final PluginEvent event = StreamFrames.event(new Cursor("0123456789abcdef", 1)).event();
    private final List<String> wanted = List.of("none:latest", "other:latest", "vieux/sshfs:latest");
    private final EventFilter filter = EventFilter.of(List.of(EventType.START, EventType.BACKOFF), wanted,
            List.of("volumedriver", "logdriver"));
    private final List<Predicate<PluginEvent>> predicates = List.of(
            it -> List.of("start", "backoff").contains(it.type().wireName()),
            it -> wanted.stream().anyMatch(it.name()::equals),
            it -> it.types()
                    .stream()
                    .anyMatch(type -> List.of("volumedriver", "logdriver").contains(type.capability())));

    record Bound(String time, String type, Plugin plugin, int generation, Actor actor,
            Map<String, String> attributes) {}

    record Plugin(String id, String name, List<String> types) {}

    record Actor(String kind, String requestId) {}

    /** Encodes it. */
    @Benchmark
    @Beside("databind")
    public byte[] encode() {
        return LoggedEvent.of(event).json();
    }

    /** Puts its fields into records and encodes those. */
    @Benchmark
    public byte[] databind() {
        return mapper.writeValueAsBytes(new Bound(event.time().toString(), event.type().wireName(),
                new Plugin(event.pluginHex(), event.name(),
                        event.types().stream().map(InterfaceType::toString).toList()),
                event.generation(), new Actor(event.actor().kind().wireName(), event.actor().requestId()),
                event.attributes()));
    }

    /** Filters it. */
    @Benchmark
    @Beside("predicates")
    public boolean filter() {
        return passed(filter.test(event));
    }

    /** The same, one condition after the other. */
    @Benchmark
    public boolean predicates() {
        return passed(predicates.stream().allMatch(it -> it.test(event)));
    }

    private static boolean passed(boolean passes) {
        if (!passes) {
            throw new IllegalStateException("the event was to pass");
        }
        return true;
    }
}
