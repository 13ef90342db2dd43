package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said to a host that may not run containers, by lines of proc_pid_status(5). */
class HostRightsTest {
    private static final String ALL = "CapEff:\t000001ffffffffff";

    private static Optional<String> missing(String... status) {
        return HostRights.missing(List.of(status));
    }

    @Test
    void rootWithAllCapabilitiesMayRunThem() {
        assertThat(missing("Name:\tjava", "Uid:\t0\t0\t0\t0", ALL)).isEmpty();
    }

    @Test
    void onlyTheEffectiveUserCounts() {
        assertThat(missing("Uid:\t1000\t0\t0\t0", ALL)).isEmpty();
        assertThat(missing("Uid:\t0\t1000\t0\t0", ALL)).isPresent();
    }

    @Test
    void anybodyElseIsToldWhoTheyAreAndToBeRoot() {
        assertThat(missing("Uid:\t1000\t1000\t1000\t1000", "CapEff:\t0000000000000000")).contains(
                "this process runs as user 1000, and mounts, control groups and containers need root; start the host as root");
    }

    @Test
    void rootInAContainerThatMayNotMountIsToldToBePrivileged() {
        assertThat(missing("Uid:\t0\t0\t0\t0", "CapEff:\t00000000a80425fb")).hasValueSatisfying(
                what -> assertThat(what).contains("without CAP_SYS_ADMIN", "start that one privileged"));
    }

    @Test
    void whatTheKernelDoesNotTellIsNotHeldAgainstAnybody() {
        assertThat(missing("Name:\tjava")).isEmpty();
    }
}
