/**
 * The port through which the engine runs containers, and the values that cross it.
 *
 * <p>What lives here: {@link dev.patchbay.executor.RuntimeExecutor}, what it is asked for and what it reports. What must
 * not: processes, sockets, the engine's states. An implementation proves itself by the contract test in this module's
 * test jar ({@code RuntimeExecutorContract}), which the in-memory fake and the real executor both run.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="executor"}
 */
@NullMarked
package dev.patchbay.executor;

import org.jspecify.annotations.NullMarked;
