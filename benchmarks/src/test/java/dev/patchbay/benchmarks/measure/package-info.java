/** Tests of what all measurements share. */
@NullMarked
package dev.patchbay.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
