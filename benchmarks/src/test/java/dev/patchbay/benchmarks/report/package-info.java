/** Tests of what comes of measurements. */
@NullMarked
package dev.patchbay.benchmarks.report;

import org.jspecify.annotations.NullMarked;
