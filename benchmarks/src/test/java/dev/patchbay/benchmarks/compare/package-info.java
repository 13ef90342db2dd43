/** Tests of comparing results. */
@NullMarked
package dev.patchbay.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
