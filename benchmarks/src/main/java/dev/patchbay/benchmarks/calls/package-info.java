/** What it costs to call plugins: through the client, and when plugins authorize requests. */
@NullMarked
package dev.patchbay.benchmarks.calls;

import org.jspecify.annotations.NullMarked;
