/**
 * What grows with the number of plugins: an engine with ten to ten thousand of them, more than a machine could run.
 *
 * <p>{@link dev.patchbay.benchmarks.scale.ScaleRun} is the run. Engine and store are the real ones, containers are not.
 */
@NullMarked
package dev.patchbay.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
