/** Tests of the client, against plugins that do as they are told. */
@NullMarked
package dev.patchbay.client;

import org.jspecify.annotations.NullMarked;
