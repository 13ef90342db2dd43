/**
 * Docker's legacy plugins: processes that somebody else runs, and that leave a file in a folder to say where they listen.
 *
 * <p>What lives here: {@link dev.patchbay.legacy.LegacyPlugins}, which finds them, watches the folders, asks each what it
 * implements and has a client for each. What must not: anything that starts or stops a plugin, or the rules of plugins that
 * are managed.
 *
 * <p>{@code SearchOrder}, {@code Description} and {@code Roster} are rules and values: they know no file system, no thread
 * and no clock. Public for Patchbay's own modules only, but for {@link dev.patchbay.legacy.LegacyFolders}, which hosts
 * configure.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="legacy"}
 */
@NullMarked
package dev.patchbay.legacy;

import org.jspecify.annotations.NullMarked;
