/**
 * Calls plugins: Docker's plugin protocol over a plugin's socket.
 *
 * <p>What lives here: {@link dev.patchbay.client.PluginClients}, which makes a client for each start of a plugin, and what a
 * {@link dev.patchbay.PluginClient} is made of: connections, limits, retries, a circuit breaker, JSON. What must not: which
 * plugins there are, who uses them, what a subsystem means by its calls.
 *
 * <p>{@code Circuit} knows no clock and no Reactor.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="client"}
 */
@NullMarked
package dev.patchbay.client;

import org.jspecify.annotations.NullMarked;
