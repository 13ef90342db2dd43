/**
 * What comes of measurements: {@link dev.patchbay.benchmarks.report.Report} takes the tables of runs as they end, prints
 * them, and keeps them as text, as {@link dev.patchbay.benchmarks.report.Results data} and as a page with plots.
 *
 * <p>What does not belong here: measuring, and judging what two results say about each other.
 */
@NullMarked
package dev.patchbay.benchmarks.report;

import org.jspecify.annotations.NullMarked;
