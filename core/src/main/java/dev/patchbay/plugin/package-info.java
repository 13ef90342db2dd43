/**
 * What a plugin is: its id, name, configuration, settings, privileges and interface types, and their JSON.
 *
 * <p>Pure values and pure functions over them. The JSON is Docker's to the byte ({@link PluginJson}); the checks a
 * configuration must pass are in {@link CheckedConfig}; what a user may change is in {@link Settings}. No I/O, no
 * Reactor, no clock, and nothing about how a plugin is stored, started or served.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="plugin"}
 */
@NullMarked
package dev.patchbay.plugin;

import org.jspecify.annotations.NullMarked;
