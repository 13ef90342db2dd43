/**
 * The executor on runc or crun, each container under a conmon of its own.
 */
@NullMarked
package dev.patchbay.executor.runc;

import org.jspecify.annotations.NullMarked;
