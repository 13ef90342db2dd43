/**
 * Who uses plugins: a {@link dev.patchbay.use.Holder} keeps a plugin from being switched off, {@link dev.patchbay.use.Holders}
 * are all of one plugin. What one of them gets is a {@code PluginUse}.
 *
 * <p>Pure values. What must not live here: the rules of who may hold what, which are the engine's, and talking to plugins.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="holder"}
 */
@NullMarked
package dev.patchbay.use;

import org.jspecify.annotations.NullMarked;
