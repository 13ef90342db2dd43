/**
 * Thousands of clients, in processes of their own: {@link dev.patchbay.benchmarks.load.LoadGenerator}, which a {@link
 * dev.patchbay.benchmarks.load.LoadPlan} describes and a {@link dev.patchbay.benchmarks.load.LoadProcess} holds.
 *
 * <p>What does not belong here: what makes the load happen on the other side, which is a run's.
 */
@NullMarked
package dev.patchbay.benchmarks.load;

import org.jspecify.annotations.NullMarked;
