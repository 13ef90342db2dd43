/** Tests of the registry client, and the registry that it and other modules are tested with. */
@NullMarked
package dev.patchbay.registry;

import org.jspecify.annotations.NullMarked;
