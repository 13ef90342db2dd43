/**
 * What happens when the whole daemon falls: killed at random moments, stopped, rebooted, or without room on its disk. Real
 * daemons, containers and registries, seen from outside only: over HTTP, on the disk, in {@code /proc}. What one process
 * can be made to do on purpose is tested nearer to the code.
 */
@NullMarked
package dev.patchbay.web.crash;

import org.jspecify.annotations.NullMarked;
