/**
 * What survives: the plugin directory in Docker's own layout, and the content store beside it.
 *
 * <p>What lives here: the {@link dev.patchbay.store.PluginStore} port and its implementation on files, staging of new
 * plugins, atomic durable writes, blobs by digest, clean-up of what nobody refers to and of what crashes left, dockerd's
 * too. What must not: decisions about plugins; a store does what it is told and tells what is there.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="store"}
 */
@NullMarked
package dev.patchbay.store;

import org.jspecify.annotations.NullMarked;
