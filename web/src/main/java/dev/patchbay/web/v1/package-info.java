/**
 * The native API under {@code /patchbay/v1}: plugins with their status, logs, health, and the live event stream.
 *
 * <p>What lives here: one handler per route, one {@link dev.patchbay.web.v1.Shape} per JSON object, the problem details
 * that failures turn into, and the event stream in parts that know nothing of each other's insides: the pure rules of a
 * connection ({@link dev.patchbay.web.v1.StreamProtocol}) and of what clients say
 * ({@link dev.patchbay.web.v1.Conversation}), the text form of frames ({@link dev.patchbay.web.v1.JsonFrames} and its
 * siblings), and what carries it: {@link dev.patchbay.web.v1.EventSession} over WebSocket,
 * {@link dev.patchbay.web.stream.StreamedFeed} over HTTP; both are outlets of {@code dev.patchbay.web.feed}. Field names are
 * lowerCamelCase, times ISO 8601 in UTC; absent values are left out. {@code openapi.json} beside the server describes all of
 * it, {@code asyncapi.json} the stream.
 *
 * <p>What must not: plugin rules, which are the engine's; Docker's API and its JSON; sockets, addresses and who may
 * connect, which are the server's.
 */
@NullMarked
package dev.patchbay.web.v1;

import org.jspecify.annotations.NullMarked;
