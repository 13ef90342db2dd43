package dev.patchbay.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DenialLogTest {
    private final AtomicLong nanos = new AtomicLong();
    private final DenialLog log = new DenialLog(nanos::get);

    @Test
    void admitsSoManyLinesASecondAndCountsTheRest() {
        for (int i = 0; i < DenialLog.MOST; i++) {
            assertThat(log.admit("a")).isEqualTo(OptionalInt.of(0));
        }
        assertThat(log.admit("a")).isEmpty();
        assertThat(log.admit("a")).isEmpty();
        assertThat(log.admit("b")).as("another plugin").isEqualTo(OptionalInt.of(0));
        nanos.set(TimeUnit.SECONDS.toNanos(1));
        assertThat(log.admit("a")).isEqualTo(OptionalInt.of(2));
        assertThat(log.admit("a")).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void forgetsPluginsWhenThereAreMoreThanThereCanBe() {
        for (int i = 0; i <= DenialLog.MOST; i++) {
            log.admit("a");
        }
        assertThat(log.admit("a")).isEmpty();
        for (int i = 0; i < 300; i++) {
            log.admit("another " + i);
        }
        assertThat(log.admit("a")).as("as if it had never been denied").isEqualTo(OptionalInt.of(0));
    }
}
