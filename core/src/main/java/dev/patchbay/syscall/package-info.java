/**
 * The few Linux system calls that Java has no method for: mount, umount2, extended attributes, mknod, files
 * that are held on to.
 *
 * <p>Bound through the JDK's foreign function API; a call that fails throws an {@link dev.patchbay.syscall.ErrnoException}.
 * The mount table and the mount operations built on these calls live here too. What the JDK can do by itself
 * (owners, modes, times, links) must not be bound here, and nothing here knows what a plugin is.
 *
 * <p>Public for Patchbay's own modules only. The JVM needs {@code --enable-native-access=ALL-UNNAMED}, or the same as
 * a manifest entry, to stay silent about restricted methods.
 */
@NullMarked
package dev.patchbay.syscall;

import org.jspecify.annotations.NullMarked;
