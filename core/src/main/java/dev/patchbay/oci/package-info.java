/**
 * The OCI runtime spec of a plugin: which namespaces, mounts, devices and rights its container gets.
 *
 * <p>{@link RuntimeSpec#of} is a pure function of configuration, settings, paths, options and what it asks of the
 * {@link HostFacts} port. What Docker gives a plugin is what it gets here, so that published plugins run; hardening
 * beyond that is an option ({@link SpecOptions#limits}). Only {@link LinuxHost} looks at the machine. Making folders,
 * mounts and processes is the executor's part, not this package's.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="oci"}
 */
@NullMarked
package dev.patchbay.oci;

import org.jspecify.annotations.NullMarked;
