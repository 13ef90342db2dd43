/**
 * The façade of Patchbay: what a host embeds and what every other module calls.
 *
 * <p>What lives here: {@link dev.patchbay.Plugins}, its requests and results ({@link dev.patchbay.PluginView},
 * {@link dev.patchbay.Status}, {@link dev.patchbay.PluginPresence}, {@link dev.patchbay.Health}) and the exception family under
 * {@link dev.patchbay.PluginException}. What must not: logic, I/O, anything that knows the engine behind the façade.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="use"}
 */
@NullMarked
package dev.patchbay;

import org.jspecify.annotations.NullMarked;
