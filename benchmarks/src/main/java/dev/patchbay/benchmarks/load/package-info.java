/**
 * Load: thousands of clients, and commands on a schedule.
 *
 * <p>The clients are processes of their own: {@link dev.patchbay.benchmarks.load.LoadGenerator}, which a {@link
 * dev.patchbay.benchmarks.load.LoadPlan} describes and a {@link dev.patchbay.benchmarks.load.LoadProcess} holds; runs use
 * them, and so does {@link dev.patchbay.benchmarks.load.LoadTest}, the tool that {@code make load-test} types, whose {@code
 * LoadSession} is one test from its first connection to its last answer.
 *
 * <p>What does not belong here: what makes the load of a run happen on the other side, which is the run's.
 */
@NullMarked
package dev.patchbay.benchmarks.load;

import org.jspecify.annotations.NullMarked;
