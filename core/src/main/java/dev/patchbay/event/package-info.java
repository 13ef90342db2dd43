/**
 * What happened to plugins, as subscribers see it.
 *
 * <p>What lives here: the public event, its type, its place in the stream, and the bus that multicasts it. What must
 * not: the engine's facts and states, from which events are made; wire formats, which belong to the daemon.
 */
@NullMarked
package dev.patchbay.event;

import org.jspecify.annotations.NullMarked;
