/** Code that breaks the rules on purpose, for the tests of the rules. */
@NullMarked
package dev.patchbay.testing.offender.helper;

import org.jspecify.annotations.NullMarked;
