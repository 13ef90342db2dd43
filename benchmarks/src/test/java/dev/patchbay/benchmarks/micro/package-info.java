/** Tests of what stands beside our ways, and of what is told of it. */
@NullMarked
package dev.patchbay.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
