package dev.patchbay.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.benchmarks.measure.Access;
import dev.patchbay.benchmarks.measure.Target;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubscriberTest {
    private final Subscriber subscriber = new Subscriber(Subscriber.Habit.RESUMING);

    @Test
    void takesAnyFirstEventAndThenTheNextOnes() {
        assertThat(subscriber.came(7, 3)).isTrue();
        assertThat(subscriber.came(9, 7)).isTrue();
        assertThat(subscriber.came(12, 11)).isFalse();
    }

    @Test
    void missesWhatHappenedWhileItWasAway() {
        assertThat(subscriber.at("abc:5")).isTrue();
        assertThat(subscriber.came(6, 5)).isTrue();

        assertThat(subscriber.at("abc:6")).isTrue();
        assertThat(subscriber.came(8, 7)).isFalse();
    }

    @Test
    void noticesThatASubscriptionGoesOnElsewhere() {
        assertThat(subscriber.at("abc:5")).isTrue();
        assertThat(subscriber.at("abc:7")).isFalse();
        assertThat(subscriber.at("def:7")).isFalse();
        assertThat(subscriber.at("def:7")).isTrue();
    }

    @Test
    void resumesWhereItWas() {
        var plan = new LoadPlan(LoadFormat.WEB_SOCKET, new Target.Tcp("host", 1), "/events?type=set", 1,
                LoadPlan.Detail.AGE, Mix.STEADY, Access.OPEN);
        assertThat(plan.request(subscriber, "Any: x\r\n"))
                .startsWith("GET /events?type=set HTTP/1.1\r\nHost: host:1\r\nAny: x\r\n");

        subscriber.at("abc:5");
        subscriber.came(6, 5);

        assertThat(plan.request(subscriber, "")).startsWith("GET /events?type=set&since=abc:6 HTTP/1.1\r\n");
    }

    @Test
    void plansAreReadBackFromTheirArguments() {
        var plan = new LoadPlan(LoadFormat.DOCKER, Target.parse("unix:///run/d.sock"), "/events", 40,
                LoadPlan.Detail.COUNT, Mix.percent(40, 10, 25),
                new Access(Optional.of(Path.of("/ca.pem")), Optional.empty(),
                        Optional.of(Path.of("/token"))));

        assertThat(LoadPlan.parse(plan.arguments())).isEqualTo(plan);
        assertThat(plan.mix()).isEqualTo(new Mix(4, 10));
    }
}
