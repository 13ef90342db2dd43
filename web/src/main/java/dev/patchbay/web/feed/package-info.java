/**
 * Events for many connections at once, each as fast as it takes them.
 *
 * <p>{@link dev.patchbay.web.feed.EventHub} is the front door: a connection opens a {@link dev.patchbay.web.feed.Feed}
 * with a {@link dev.patchbay.web.feed.Wish}, and gets what it says, as its {@link dev.patchbay.web.feed.Encoding} writes
 * it, through its {@link dev.patchbay.web.feed.Outlet}. Everything about a connection happens on its event loop; an event
 * is encoded once per event loop for all feeds with equal filters and encodings, which are handed it in rounds.
 *
 * <p>What must not live here: HTTP and WebSocket; what the JSON looks like; who may connect.
 */
@NullMarked
package dev.patchbay.web.feed;

import org.jspecify.annotations.NullMarked;
