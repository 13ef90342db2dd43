/**
 * The façade of Patchbay: what a host embeds and what every other module calls.
 *
 * <p>Here live the {@code Plugins} interface, its requests and results, and the exception family. No logic, no I/O.
 */
@NullMarked
package dev.patchbay;

import org.jspecify.annotations.NullMarked;
