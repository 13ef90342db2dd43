/** How the benchmarks are built. */
@NullMarked
package dev.patchbay.benchmarks;

import org.jspecify.annotations.NullMarked;
