/** Tests of volumes, over an engine whose containers are in memory, and drivers that do as they are told. */
@NullMarked
package dev.patchbay.volume;

import org.jspecify.annotations.NullMarked;
