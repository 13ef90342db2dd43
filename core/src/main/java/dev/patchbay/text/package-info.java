/**
 * Text that comes from outside and is shown to people.
 *
 * <p>What lives here: {@link dev.patchbay.text.Quoted}. What must not: anything that knows whose text it is.
 *
 * <p>Public for Patchbay's own modules only.
 */
@NullMarked
package dev.patchbay.text;

import org.jspecify.annotations.NullMarked;
