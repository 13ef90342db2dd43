/** A Vert.x application that embeds the engine, by way of reactive streams: {@link dev.patchbay.examples.vertx.VertxHost}. */
@NullMarked
package dev.patchbay.examples.vertx;

import org.jspecify.annotations.NullMarked;
