package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** What listeners with equal filters share. */
final class EventBusTest {
    private final EventBus bus = new EventBus();

    private static EventFilter filter(String plugin) {
        return EventFilter.of(List.of(EventType.CRASH), List.of(plugin), List.of());
    }

    private static LoggedEvent event(int number) {
        return LoggedEvent.of(JournalsOnDisk.happening(number).at(new Cursor("e", number)));
    }

    @Test
    void triesAFilterOncePerEventForAllThatHaveIt() {
        List<EventLog.Told> told = new ArrayList<>();
        List<Disposable> listeners = List.of(bus.live(filter("p1")).subscribe(told::add),
                bus.live(filter("p1")).subscribe(told::add), bus.live(filter("p0")).subscribe(told::add));
        assertThat(bus.groups()).isEqualTo(2);

        bus.publish(event(1)); // a crash of p1

        assertThat(told).hasSize(2);
        assertThat(told.getFirst()).isSameAs(told.getLast());
        listeners.getFirst().dispose();
        assertThat(bus.groups()).isEqualTo(2);
        listeners.forEach(Disposable::dispose);
        assertThat(bus.groups()).isZero();
    }
}
