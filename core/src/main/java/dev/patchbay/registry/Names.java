package dev.patchbay.registry;

import java.net.InetAddress;
import java.util.List;
import reactor.core.publisher.Mono;

/** Asks for the addresses of a host without blocking. A seam: tests answer themselves. */
@FunctionalInterface
interface Names {
    /** The addresses of a name, or the address that the text is; empty if it has none or nobody can tell. */
    Mono<List<InetAddress>> addresses(String host);
}
