/**
 * JSON as trees.
 *
 * <p>What lives here: {@link dev.patchbay.json.JsonTrees}, which all that is read and written without a type of its own goes
 * through. What must not: anything that knows what a document means, and a mapper; whoever reads into types has one of its own.
 *
 * <p>Public for Patchbay's own modules only.
 */
@NullMarked
package dev.patchbay.json;

import org.jspecify.annotations.NullMarked;
