/** The daemon as a whole: its start and stop, what it takes over, what it answers about many plugins, and its memory. */
@NullMarked
package dev.patchbay.benchmarks.daemon;

import org.jspecify.annotations.NullMarked;
