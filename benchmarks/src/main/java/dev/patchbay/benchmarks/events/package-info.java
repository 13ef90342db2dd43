/**
 * How events reach many who listen, how old they are then, and what replaying them costs; beside Netty alone, and dockerd.
 */
@NullMarked
package dev.patchbay.benchmarks.events;

import org.jspecify.annotations.NullMarked;
