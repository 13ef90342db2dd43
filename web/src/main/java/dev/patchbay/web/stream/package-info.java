/**
 * Events on connections: what carries a feed to a socket, and what is watched of it.
 *
 * <p>{@link dev.patchbay.web.stream.StreamedFeed} is a feed of {@code dev.patchbay.web.feed} as the body of an HTTP reply,
 * whatever its encoding; {@link dev.patchbay.web.stream.Writability} and {@link dev.patchbay.web.stream.StallWatch} tell
 * whether a socket takes more, and whether it takes anything.
 *
 * <p>What must not live here: routes, parameters and JSON, which belong to an API.
 */
@NullMarked
package dev.patchbay.web.stream;

import org.jspecify.annotations.NullMarked;
