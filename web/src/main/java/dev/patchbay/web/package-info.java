/**
 * The daemon: an HTTP server that speaks the plugin API of Docker and the native one.
 */
@NullMarked
package dev.patchbay.web;

import org.jspecify.annotations.NullMarked;
