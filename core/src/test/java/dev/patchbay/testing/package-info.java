/**
 * What every test run has: a watch over what Reactor drops and over threads that outlive their test. Registered by
 * itself in each module that has core's test-jar on its test class path.
 */
@NullMarked
package dev.patchbay.testing;

import org.jspecify.annotations.NullMarked;
