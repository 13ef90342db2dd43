/**
 * The event stream of a daemon, from outside: a client that comes back by itself.
 *
 * <p>{@link dev.patchbay.event.client.PatchbayEvents} is the door. Behind it, {@code StreamRun} keeps one subscriber's
 * stream going over one {@code Link} after the other; {@code Ledger} decides of each frame what is new, what is known
 * already and what is missing; {@code SignalQueue} holds what the subscriber has not asked for yet. What must not live here:
 * anything of the engine.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="events-of-a-daemon"}
 */
@NullMarked
package dev.patchbay.event.client;

import org.jspecify.annotations.NullMarked;
