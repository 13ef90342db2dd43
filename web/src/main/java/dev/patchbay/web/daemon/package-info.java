/**
 * The program {@code patchbay}: command line, configuration file, signals, logs, and the wiring of engine, executor,
 * store and server into one process.
 *
 * <p>{@link dev.patchbay.web.daemon.Patchbay} is the front door. A start reads, in this order: {@code Command} (what can be
 * typed), {@code Setting} (the table of all settings), {@code Flags} and {@code ConfigFile} (two sources of them), {@code Configuration} (both merged and
 * judged), {@code Serving} (the life of the process), {@code Daemon} (the parts and their order of opening and closing).
 *
 * <p>What lives here: everything that only a process of its own needs, so the only signal handlers, the only calls of
 * {@code block()} and the only set-up of Logback. What must not: anything that an embedding host could want; that belongs
 * to the façade, the executor or the server.
 */
@NullMarked
package dev.patchbay.web.daemon;

import org.jspecify.annotations.NullMarked;
