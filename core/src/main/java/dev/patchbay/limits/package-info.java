/**
 * What a plugin may use of the machine, and what it may ask of the kernel, beyond what Docker limits.
 *
 * <p>What lives here: {@link dev.patchbay.limits.PluginLimits}, which an engine gives all its plugins;
 * {@link dev.patchbay.limits.LimitOverrides}, by which one plugin gets something else; the system call profiles of both.
 * Values and pure functions only: that they come into effect is {@link dev.patchbay.oci} and the runtime's part.
 */
@NullMarked
package dev.patchbay.limits;

import org.jspecify.annotations.NullMarked;
