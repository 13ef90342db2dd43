/**
 * Measurements: JMH benchmarks, load generator, runs beside what a user would use instead.
 */
@NullMarked
package dev.patchbay.benchmarks;

import org.jspecify.annotations.NullMarked;
