/**
 * Text that comes from outside.
 *
 * <p>What lives here: {@link dev.patchbay.text.Quoted} shows it to people, {@link dev.patchbay.text.MediaName} reads what kind
 * a body is of. What must not: anything that knows whose text it is.
 *
 * <p>Public for Patchbay's own modules only.
 */
@NullMarked
package dev.patchbay.text;

import org.jspecify.annotations.NullMarked;
