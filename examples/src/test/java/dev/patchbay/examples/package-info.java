/** What the tests of all examples need. */
@NullMarked
package dev.patchbay.examples;

import org.jspecify.annotations.NullMarked;
