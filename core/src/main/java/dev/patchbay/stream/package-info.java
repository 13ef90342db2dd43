/**
 * Operators that Reactor lacks.
 *
 * <p>What lives here: {@link dev.patchbay.stream.UntilFailure}. What must not: anything that knows what flows.
 *
 * <p>Public for Patchbay's own modules only.
 */
@NullMarked
package dev.patchbay.stream;

import org.jspecify.annotations.NullMarked;
