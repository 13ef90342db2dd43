/**
 * What two results say about each other: {@link dev.patchbay.benchmarks.compare.Compare}, which {@code make bench-compare}
 * types, prints what became faster or slower, and how far chance alone may have made it.
 *
 * <p>What does not belong here: measuring.
 */
@NullMarked
package dev.patchbay.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
