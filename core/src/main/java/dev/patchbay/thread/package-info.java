/**
 * Threads that wait for what may hang: a disk, a file system of another machine, a program.
 *
 * <p>What lives here: {@link dev.patchbay.thread.PatientPool}. What must not: anything that knows what the work is.
 *
 * <p>Public for Patchbay's own modules only.
 */
@NullMarked
package dev.patchbay.thread;

import org.jspecify.annotations.NullMarked;
