/** How long starting plugins takes, one and many, beside the same programs without an engine. */
@NullMarked
package dev.patchbay.benchmarks.enable;

import org.jspecify.annotations.NullMarked;
