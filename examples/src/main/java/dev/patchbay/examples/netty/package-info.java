/** A plain Reactor Netty server that embeds the engine: {@link dev.patchbay.examples.netty.NettyHost}. */
@NullMarked
package dev.patchbay.examples.netty;

import org.jspecify.annotations.NullMarked;
