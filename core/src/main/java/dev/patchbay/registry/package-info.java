/**
 * Talks to registries: the client of the OCI distribution specification, with what Docker's registries add to it.
 *
 * <p>What lives here: the port that the engine uses ({@link dev.patchbay.registry.Registry}) and its implementation over
 * HTTP: endpoints and mirrors, authorization, transfer with back-pressure, retries. Everything that is handed on is
 * verified. What must not: what an image means, storing, unpacking.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="registry"}
 */
@NullMarked
package dev.patchbay.registry;

import org.jspecify.annotations.NullMarked;
