/**
 * Operators that Reactor lacks, and what some are made of.
 *
 * <p>What lives here: {@link dev.patchbay.stream.UntilFailure}, {@link dev.patchbay.stream.TimeLimit}, {@link
 * dev.patchbay.stream.Drain}, {@link dev.patchbay.stream.DrainScheduler}, {@link dev.patchbay.stream.Occasion}. What must
 * not: anything that knows what flows.
 *
 * <p>Public for Patchbay's own modules only.
 */
@NullMarked
package dev.patchbay.stream;

import org.jspecify.annotations.NullMarked;
