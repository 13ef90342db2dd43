package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.Programs;

/**
 * The two that are compared.
 *
 * @param ours Patchbay
 * @param theirs dockerd
 */
record Peers(Peer ours, Peer theirs) {
    /**
     * Finds both.
     *
     * @throws IllegalStateException if dockerd is not installed
     */
    static Peers of(Built built) {
        String program = Programs.dockerd()
                .orElseThrow(() -> new IllegalStateException(
                        "dockerd is not installed, so there is nothing to compare with: make deps-peers"));
        return new Peers(new PatchbayPeer(built), new DockerdPeer(program));
    }
}
