/**
 * Docker's HTTP API as far as plugins go, in the versions 1.24 to 1.51, so that an unmodified {@code docker} works.
 *
 * <p>{@link dev.patchbay.web.docker.DockerApi} is the entrance: a list of routes for a server. Each handler decodes,
 * calls the façade and encodes; events are a wire format of {@code dev.patchbay.web.feed}, filters included. Where clients
 * ask for what Patchbay does not have (containers, images, networks, volumes) they get Docker's shape with nothing in it.
 * No rules of the engine live here, and nothing of the native API.
 */
@NullMarked
package dev.patchbay.web.docker;

import org.jspecify.annotations.NullMarked;
