/**
 * Measurements: load runs of the whole thing and JMH benchmarks of its parts, each with the question that it answers in
 * its Javadoc and with a baseline in the same run. {@link dev.patchbay.benchmarks.Benchmarks} runs them; {@code make
 * bench} types it. Each package below has what belongs to one subject; {@code measure} has what they share, {@code report}
 * what comes of them, {@code compare} what two results say about each other. The module's README explains what they leave.
 *
 * <p>Runs with thousands of clients have them in processes of their own, see {@code load}; {@code make load-test} types
 * those runs.
 *
 * <p>Load runs work in private folders and remove what they started, however they end. What does not belong here: checks
 * that pass or fail, which are tests, and anything that other modules would call.
 */
@NullMarked
package dev.patchbay.benchmarks;

import org.jspecify.annotations.NullMarked;
