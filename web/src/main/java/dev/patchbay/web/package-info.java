/**
 * The daemon's HTTP server: what any route has in common.
 *
 * <p>{@link dev.patchbay.web.PluginServer} listens where a {@link dev.patchbay.web.ServerConfig} says and serves a
 * {@link dev.patchbay.web.RouteTable}. A {@link dev.patchbay.web.Handler} gets an {@link dev.patchbay.web.Exchange},
 * calls the façade and answers with a {@link dev.patchbay.web.Reply}, both of them values. What fails becomes a reply in
 * {@link dev.patchbay.web.ErrorReplies}. Who may call from where is decided before any handler, and browsers of other
 * sites never may. Between the two, {@link dev.patchbay.web.Authorization} has plugins asked.
 *
 * <p>Buffers of Netty stay in this package, and so does what is special about sockets. No route lives here: those of
 * Docker's API are in {@link dev.patchbay.web.docker}.
 */
@NullMarked
package dev.patchbay.web;

import org.jspecify.annotations.NullMarked;
