/** What an engine costs the host that embeds it. */
@NullMarked
package dev.patchbay.benchmarks.embed;

import org.jspecify.annotations.NullMarked;
