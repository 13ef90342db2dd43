/**
 * Threads that wait for what may hang: a disk, a file system of another machine, a program; and the good order in which threads end.
 *
 * <p>What lives here: {@link dev.patchbay.thread.PatientPool}, {@link dev.patchbay.thread.FreshThread},
 * {@link dev.patchbay.thread.GracefulScheduler}. What must not: anything that knows what the work is; virtual threads.
 *
 * <p>Public for Patchbay's own modules only.
 */
@NullMarked
package dev.patchbay.thread;

import org.jspecify.annotations.NullMarked;
