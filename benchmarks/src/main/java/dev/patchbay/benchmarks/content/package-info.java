/** What plugins consist of: fetched from a registry and unpacked, and collected when nobody needs it any more. */
@NullMarked
package dev.patchbay.benchmarks.content;

import org.jspecify.annotations.NullMarked;
